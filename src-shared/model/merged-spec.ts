// Which layers a merge fuses, and the description of the network it makes: the same tree, those layers in merged form.
import { compositeRecord } from './composites';
import {
  isComposite,
  isRepBlock,
  type ConvBn,
  type GlobalPerceptron,
  type LayerSpec,
  type LeafSpec,
  type NetworkSpec,
  type RepBlock,
} from './spec';

/** What a merge fuses besides the blocks. */
export interface FusionChoice {
  /** Also fuse the conv-BN pairs that the official conversion leaves (RepMLPNet's embeddings and FFN). */
  readonly fuseAllConvBn?: boolean;
}

/** A layer that changes when merged. */
export type MergeableLayer = RepBlock | GlobalPerceptron | ConvBn;

/** Whether merging changes this layer. */
export function isMergeable(layer: LayerSpec | LeafSpec, choice: FusionChoice): layer is MergeableLayer {
  if (layer.kind === 'convBn') return layer.form === 'train' && (layer.fusedByMerge || choice.fuseAllConvBn === true);
  return (isRepBlock(layer) || layer.kind === 'globalPerceptron') && layer.form === 'train';
}

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
