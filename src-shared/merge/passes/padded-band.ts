// The band of the published kernels, 3x3 and 5x5, in plain JavaScript: every cell's K*K values are added without any cut at
// the partition's border, told one by one. The loops are made for the one array they read kernels from: the engine then
// knows its address and length.
import type { Kernel } from '../mathematics/kernels';
import { columnsOf, type FcShape } from '../../matrix/geometry';

/**
 * The kernels of one output channel, (channels, K, 2K - 1) each: K x K values, rounded to float32, amid -0, the one number whose
 * addition changes nothing. Where the band of a cell is cut, the K x K values are read from beside the middle.
 */
const padded = new Float64Array(16384);

const addRowsOf3 = adderOf3(padded);
const addRowsOf5 = adderOf5(padded);

/** Whether a band can be added this way: padded kernels fit their array, and the kernel the partition. */
export function isPadded({ K, channels }: Pick<Kernel, 'K' | 'channels'>, { h, w }: FcShape): boolean {
  return (K === 3 || K === 5) && K <= Math.min(h, w) && channels * K * (2 * K - 1) <= padded.length;
}

/** To be called once per matrix, before its bands. */
export function clearPadded(): void {
  padded.fill(-0);
}

/** Adds the band of output channel o, for which `isPadded`, to its h*w rows of `matrix`. */
export function addPaddedBand(matrix: Float32Array, kernel: Kernel, shape: FcShape, o: number): void {
  const { channels, h, w } = shape;
  const { K } = kernel;
  const [p, wide, columns] = [(K - 1) / 2, 2 * K - 1, columnsOf(shape)];
  padKernels(kernel, o);
  for (let i = 0, first = o * h * w * columns; i < h; i++) {
    const a = Math.max(0, i - p);
    const rows = Math.min(h, i + p + 1) - a;
    for (let j = 0; j < w; j++, first += columns) {
      const b = Math.min(Math.max(0, j - p), w - K);
      const [to, from] = [first + a * w + b, (a - i + p) * wide + b - j + 2 * p];
      if (K === 3) addRowsOf3(matrix, to, from, rows, channels, h * w, w);
      else addRowsOf5(matrix, to, from, rows, channels, h * w, w);
    }
  }
}

/** Puts the kernels of output channel o into the middle of the padded ones. */
function padKernels({ K, channels, weight }: Kernel, o: number): void {
  const [p, wide] = [(K - 1) / 2, 2 * K - 1];
  for (let c = 0, from = o * channels * K * K; c < channels; c++) {
    for (let u = 0; u < K; u++) {
      const to = (c * K + u) * wide + p;
      for (let v = 0; v < K; v++, from++) padded[to + v] = Math.fround(weight[from]);
    }
  }
}

/**
 * For every input channel: `rows` rows of K values each of its padded kernel, from q on, to its plane of `area` values in rows
 * of w, from k on.
 */
type AddKernels = (values: Float32Array, k: number, q: number, rows: number, channels: number, area: number, w: number) => void;

/** Three rows, or two where one is cut. */
function adderOf3(kernels: Float64Array): AddKernels {
  const terms = kernels;
  return (values, k, q, rows, channels, area, w) => {
    for (let c = 0; c < channels; c++, k += area, q += 15) {
      values[k] += terms[q];
      values[k + 1] += terms[q + 1];
      values[k + 2] += terms[q + 2];
      const second = k + w;
      values[second] += terms[q + 5];
      values[second + 1] += terms[q + 6];
      values[second + 2] += terms[q + 7];
      if (rows < 3) continue;
      const third = second + w;
      values[third] += terms[q + 10];
      values[third + 1] += terms[q + 11];
      values[third + 2] += terms[q + 12];
    }
  };
}

function adderOf5(kernels: Float64Array): AddKernels {
  const terms = kernels;
  return (values, k, q, rows, channels, area, w) => {
    for (let c = 0; c < channels; c++, k += area, q += 45) {
      for (let to = k, from = q, end = k + rows * w; to < end; to += w, from += 9) {
        values[to] += terms[from];
        values[to + 1] += terms[from + 1];
        values[to + 2] += terms[from + 2];
        values[to + 3] += terms[from + 3];
        values[to + 4] += terms[from + 4];
      }
    }
  };
}
