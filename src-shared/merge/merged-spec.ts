// The description of the network that a merge makes: the same tree, every fused layer in merged form.
import { compositeRecord, isComposite } from '../model/composites';
import type { LayerSpec, NetworkSpec } from '../model/spec';
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
  const record = compositeRecord(layer);
  return record.withLayers(
    layer,
    record.parts(layer).map((part) => mergedLayers(part.layers, choice)),
  );
}
