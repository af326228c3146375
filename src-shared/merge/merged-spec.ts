// The description of the network that a merge makes: the same tree, every fused layer in merged form.
import { isComposite, type LayerSpec, type NetworkSpec } from '../model/spec';
import { isMergeable, type FusionChoice } from './merge-layer';

/** `spec` after merging. Layers that are merged already stay as they are. */
export function mergedSpec(spec: NetworkSpec, choice: FusionChoice = {}): NetworkSpec {
  return { ...spec, form: 'merged', layers: mergedLayers(spec.layers, choice) };
}

function mergedLayers(layers: readonly LayerSpec[], choice: FusionChoice): LayerSpec[] {
  return layers.map((layer) => mergedLayer(layer, choice));
}

function mergedLayer(layer: LayerSpec, choice: FusionChoice): LayerSpec {
  if (isMergeable(layer, choice)) return { ...layer, form: 'merged' };
  if (!isComposite(layer)) return layer;
  switch (layer.kind) {
    case 'sequential':
    case 'sideHead':
      return { ...layer, layers: mergedLayers(layer.layers, choice) };
    case 'residual':
      return { ...layer, body: mergedLayers(layer.body, choice), shortcut: mergedLayers(layer.shortcut, choice) };
    case 'concat':
      return { ...layer, branches: layer.branches.map((branch) => mergedLayers(branch, choice)) };
  }
}
