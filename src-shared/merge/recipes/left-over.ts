// Files that hold the merged layer and its branches at once (some converters keep both): the branches may only be dropped
// where merging them gives the layer that is there.
import { toFloat64 } from '../../tensor/convert';
import { sameShape, shapeText, type NamedTensors, type Tensor } from '../../tensor/tensor';

/** Largest share of the largest value by which a layer merged elsewhere in float32 may differ from ours. */
const ROUNDING_SHARE = 1e-5;

/** What differs between tensors merged here and those of the same names in the file; null where they agree. */
export function leftOverDifference(merged: ReadonlyMap<string, Tensor>, weights: NamedTensors): string | null {
  for (const [name, tensor] of merged) {
    const standing = weights.get(name);
    if (!standing) return `the file holds the merged layer and its branches, but no ${name}`;
    if (!sameShape(standing.shape, tensor.shape))
      return `the file holds ${name} (${shapeText(standing.shape)}) beside branches that merge to ${shapeText(tensor.shape)}`;
    const [ours, theirs] = [toFloat64(tensor), toFloat64(standing)];
    let [largest, difference] = [0, 0];
    for (let i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.abs(ours[i]));
      difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
    }
    if (!(difference <= ROUNDING_SHARE * largest))
      return `the file holds ${name} and also the branches, and they disagree by ${difference.toPrecision(3)}: one of the two was trained or changed after the merge`;
  }
  return null;
}
