// Layers in words: what the diagram writes on its boxes.
import { compositeRecord, isComposite, type Part } from '@shared/model/composites';
import { isRepBlock, type LayerSpec } from '@shared/model/spec';
import type { FeatureShape } from '@shared/model/walk';

/** A shape as `64 × 56 × 56`. */
export function mapText(shape: FeatureShape): string {
  return shape.join(' × ');
}

/** The children of a layer, in the groups in which the diagram draws them. */
export function branchesOf(layer: LayerSpec): readonly Part[] {
  return isComposite(layer) ? compositeRecord(layer).parts(layer) : [];
}

/** Number of RepMLP blocks inside a layer, itself included. */
export function repBlocksIn(layer: LayerSpec): number {
  if (isRepBlock(layer)) return 1;
  return branchesOf(layer).reduce((sum, branch) => sum + branch.layers.reduce((inner, child) => inner + repBlocksIn(child), 0), 0);
}
