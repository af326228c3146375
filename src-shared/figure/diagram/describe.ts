// Layers in words: what the diagram writes on its boxes.
import { compositeRecord, isComposite, type Part } from '../../model/composites';
import type { LayerSpec } from '../../model/spec';
import type { FeatureShape } from '../../model/walk';

/** A shape as `64 × 56 × 56`. */
export function mapText(shape: FeatureShape): string {
  return shape.join(' × ');
}

/** The children of a layer, in the groups in which the diagram draws them. */
export function branchesOf(layer: LayerSpec): readonly Part[] {
  return isComposite(layer) ? compositeRecord(layer).parts(layer) : [];
}
