// The nearest translation-invariant part of an FC3 matrix: the orthogonal projection of each (output
// channel, input channel) block onto the matrices a zero-padded convolution can produce. A convolution's
// matrix is constant along each displacement, so the projection is the mean over it:
//   F[o, c, dy, dx] = sum of w[(o, i, j), (c, i + dy, j + dx)] over (i, j)  /  n(dy, dx)
// with n = (h - |dy|)(w - |dx|). The rest, w - conv(F), is orthogonal to it, so their energies add up to
// the matrix's. Merging adds conv(kernel), which is its own projection: F(after) - F(before) is exactly the
// merged kernel, zero-padded.
import { outputOf, rowsOf, type FcShape } from '../matrix/geometry';
import { displacementCount, pairCounts } from './displacement';
import type { Energies } from './energies';

/** The kernel F of the translation-invariant part: (O, channels, 2h-1, 2w-1). */
export function invariantKernel({ sums, shape }: Pick<Energies, 'sums' | 'shape'>): Float64Array {
  const counts = pairCounts(shape);
  return sums.map((sum, index) => sum / counts[index % counts.length]);
}

/** Energy of a kernel's convolution matrix per output channel: sum of n(dy, dx) F^2. Length O. */
export function kernelEnergies(kernel: Float64Array, shape: FcShape): Float64Array {
  const counts = pairCounts(shape);
  const perOutput = shape.channels * displacementCount(shape);
  const energies = new Float64Array(shape.O);
  kernel.forEach((value, index) => (energies[Math.floor(index / perOutput)] += counts[index % counts.length] * value * value));
  return energies;
}

/** The position-specific rest w - conv(F) of a matrix, same layout, rounded to float32 once. */
export function positionSpecificRest(matrix: Float32Array, kernel: Float64Array, shape: FcShape): Float32Array {
  const { channels, h, w } = shape;
  const width = 2 * w - 1;
  const D = displacementCount(shape);
  const rest = new Float32Array(matrix.length);
  for (let row = 0, index = 0; row < rowsOf(shape); row++) {
    const { o, i, j } = outputOf(shape, row);
    for (let c = 0; c < channels; c++) {
      for (let a = 0; a < h; a++) {
        const at = (o * channels + c) * D + (a - i + h - 1) * width + (w - 1 - j);
        for (let b = 0; b < w; b++, index++) rest[index] = matrix[index] - kernel[at + b];
      }
    }
  }
  return rest;
}

/** The K x K middle of a kernel over all displacements, zeros where K is larger: (O, channels, K, K). */
export function middleOfKernel(kernel: Float64Array, { O, channels, h, w }: FcShape, K: number): Float64Array {
  const p = (K - 1) / 2;
  const D = displacementCount({ h, w });
  return Float64Array.from({ length: O * channels * K * K }, (_, index) => {
    const [dy, dx] = [(Math.floor(index / K) % K) - p, (index % K) - p];
    if (Math.abs(dy) >= h || Math.abs(dx) >= w) return 0;
    return kernel[Math.floor(index / (K * K)) * D + (dy + h - 1) * (2 * w - 1) + dx + w - 1];
  });
}
