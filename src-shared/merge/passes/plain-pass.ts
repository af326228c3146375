// The matrix pass in plain JavaScript. Loops are unrolled by eight: the engine's loop overhead is larger
// than the arithmetic (measured: 14 ms unrolled once, 7 ms by eight, for 16.8 million values).
import type { Kernel } from '../mathematics/kernels';
import type { MatrixJob } from './matrix-job';
import { columnsOf, type FcShape } from '../../matrix/geometry';
import { addPaddedBand, clearPadded, isPadded } from './padded-band';

/** Does the job: scales channel by channel and adds the band while the channel's rows are at hand. */
export function writePlain(job: MatrixJob): void {
  const { weight, scale, kernel, shape, out } = job;
  const scales = new Float32Array(scale);
  const addBandOf = kernel && bandAdder(kernel, shape, out);
  const channel = shape.h * shape.w * columnsOf(shape);
  const perScale = weight.length / scales.length;
  for (let o = 0; o < shape.O; o++) {
    const end = (o + 1) * channel;
    for (let first = o * channel; first < end; first += perScale) scaleRun(weight, out, scales[first / perScale], first, first + perScale);
    addBandOf?.(o);
  }
}

/** What adds the band of one output channel to its rows of `matrix`. */
function bandAdder(kernel: Kernel, shape: FcShape, matrix: Float32Array): (o: number) => void {
  if (isPadded(kernel, shape)) {
    clearPadded();
    return (o) => addPaddedBand(matrix, kernel, shape, o);
  }
  const band = new Float32Array(kernel.weight);
  return (o) => addBand(matrix, band, kernel.K, shape, o);
}

/** out = scale * weight for the values k .. end - 1. */
function scaleRun(weight: Float32Array, out: Float32Array, s: number, k: number, end: number): void {
  for (const endOfEights = k + ((end - k) & ~7); k < endOfEights; k += 8) {
    out[k] = s * weight[k];
    out[k + 1] = s * weight[k + 1];
    out[k + 2] = s * weight[k + 2];
    out[k + 3] = s * weight[k + 3];
    out[k + 4] = s * weight[k + 4];
    out[k + 5] = s * weight[k + 5];
    out[k + 6] = s * weight[k + 6];
    out[k + 7] = s * weight[k + 7];
  }
  for (; k < end; k++) out[k] = s * weight[k];
}

/** Adds the kernels `band` (O, channels, K, K) of output channel o to its h*w rows of `matrix`. */
export function addBand(matrix: Float32Array, band: Float32Array, K: number, { channels, h, w }: FcShape, o: number): void {
  const p = (K - 1) / 2;
  for (let i = 0, row = o * h * w; i < h; i++) {
    const [firstU, endU] = [Math.max(0, p - i), Math.min(K, h + p - i)];
    for (let j = 0; j < w; j++, row++) {
      const [firstV, endV] = [Math.max(0, p - j), Math.min(K, w + p - j)];
      for (let c = 0; c < channels; c++) {
        const plane = (row * channels + c) * h * w + (i - p) * w + j - p;
        for (let u = firstU; u < endU; u++) {
          const [to, from] = [plane + u * w, ((o * channels + c) * K + u) * K];
          for (let v = firstV; v < endV; v++) matrix[to + v] += band[from + v];
        }
      }
    }
  }
}
