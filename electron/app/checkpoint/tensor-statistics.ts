// Statistics of one tensor for the checkpoint view.
import type { TensorStatistics } from '@shared/link/studio';
import { toFloat32 } from '@shared/tensor/convert';
import type { Tensor } from '@shared/tensor/tensor';

/** Range, mean, deviation and counts; NaN and infinities are counted and left out of the rest. An empty tensor has NaN for all but the counts. */
export function statisticsOf(name: string, tensor: Tensor): TensorStatistics {
  const { data } = toFloat32(tensor);
  const counts = { zeros: 0, nans: 0, infinities: 0 };
  let [min, max, mean, squares, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of data) {
    if (Number.isNaN(value)) counts.nans++;
    else if (!Number.isFinite(value)) counts.infinities++;
    else {
      if (value === 0) counts.zeros++;
      if (value < min) min = value;
      if (value > max) max = value;
      // Welford: exact where a sum of squares would cancel.
      const before = value - mean;
      mean += before / ++finite;
      squares += before * (value - mean);
    }
  }
  const known = finite > 0;
  return {
    name,
    min: known ? min : NaN,
    max: known ? max : NaN,
    mean: known ? mean : NaN,
    deviation: Math.sqrt(squares / finite),
    ...counts,
  };
}
