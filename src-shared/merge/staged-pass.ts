// The plain matrix pass for small partitions, where the band is dense: rows pass through an array of fixed size, and
// every band is added as K*K values without any cut at the partition's border. The loops are made for the two arrays
// they run over: the engine then knows addresses and lengths (measured: a third less time for the same loop).
import type { Kernel } from './kernels';
import { columnsOf, rowsOf, type FcShape, type MatrixJob } from './matrix-job';

/** Rows on their way from the weights to the result: 100 KiB. */
const stage = new Float32Array(25600);

/**
 * The kernels of one output channel, (channels, 2K - 1, 2K - 1) each: K x K values amid -0, the one number whose addition
 * changes nothing. Where the band of a cell is cut, the K x K values are read from beside the middle.
 */
const padded = new Float32Array(16384);

const scaleRun = scalerOf(stage);
const addRowsOf3 = adderOf3(stage, padded);
const addRowsOf5 = adderOf5(stage, padded);

/**
 * Whether this pass does a job: where the band covers a good part of the matrix (measured: from about a twentieth on), rows and
 * padded kernels fit the fixed arrays, and the kernel the partition.
 */
export function isStaged({ K, channels }: Pick<Kernel, 'K' | 'channels'>, shape: FcShape): boolean {
  const { h, w } = shape;
  const fits = columnsOf(shape) <= stage.length && channels * K * (2 * K - 1) <= padded.length;
  return fits && (K === 3 || K === 5) && K <= Math.min(h, w) && 20 * K * K >= h * w;
}

/** Does a job that `isStaged`. */
export function writeStaged(job: MatrixJob, kernel: Kernel): void {
  const { weight, shape, out } = job;
  const [rows, columns] = [rowsOf(shape), columnsOf(shape)];
  const scales = new Float32Array(job.scale);
  const rowsPerStage = Math.floor(stage.length / columns);
  padded.fill(-0);
  for (let row = 0; row < rows; row += rowsPerStage) {
    const endRow = Math.min(rows, row + rowsPerStage);
    stage.set(weight.subarray(row * columns, endRow * columns));
    scaleRows(scales, rows / scales.length, columns, row, endRow);
    addBands(kernel, shape, row, endRow);
    out.set(stage.subarray(0, (endRow - row) * columns), row * columns);
  }
}

/** Scales the rows at hand, `rowsPerScale` after one another by one factor. */
function scaleRows(scales: Float32Array, rowsPerScale: number, columns: number, row: number, endRow: number): void {
  for (let first = 0; row < endRow; ) {
    const count = Math.min(endRow, row - (row % rowsPerScale) + rowsPerScale) - row;
    scaleRun(scales[Math.floor(row / rowsPerScale)], first, first + count * columns);
    first += count * columns;
    row += count;
  }
}

/** Adds the band to the rows at hand, for each after putting the kernels of its channel in place. */
function addBands(kernel: Kernel, { channels, h, w }: FcShape, row: number, endRow: number): void {
  const { K } = kernel;
  const [p, wide] = [(K - 1) / 2, 2 * K - 1];
  let [i, j] = [Math.floor(row / w) % h, row % w];
  for (let first = 0; row < endRow; row++, first += channels * h * w) {
    if (i === 0 && j === 0) padKernels(kernel, row / (h * w));
    const [a, b] = [Math.max(0, i - p), Math.min(Math.max(0, j - p), w - K)];
    const [to, from] = [first + a * w + b, (a - i + p) * wide + b - j + 2 * p];
    const rows = Math.min(h, i + p + 1) - a;
    if (K === 3) addRowsOf3(to, from, rows, channels, h * w, w);
    else addRowsOf5(to, from, rows, channels, h * w, w);
    if (++j < w) continue;
    j = 0;
    i = (i + 1) % h;
  }
}

/** Puts the kernels of output channel o, rounded to float32, into the middle of the padded ones. */
function padKernels({ K, channels, weight }: Kernel, o: number): void {
  const [p, wide] = [(K - 1) / 2, 2 * K - 1];
  for (let c = 0, from = o * channels * K * K; c < channels; c++) {
    for (let u = 0; u < K; u++) {
      const to = (c * K + u) * wide + p;
      for (let v = 0; v < K; v++, from++) padded[to + v] = weight[from];
    }
  }
}

/** Multiplies the values k .. end - 1 by s. */
type ScaleRun = (s: number, k: number, end: number) => void;

function scalerOf(array: Float32Array): ScaleRun {
  const values = array;
  return (s, k, end) => {
    for (const endOfEights = k + ((end - k) & ~7); k < endOfEights; k += 8) {
      values[k] *= s;
      values[k + 1] *= s;
      values[k + 2] *= s;
      values[k + 3] *= s;
      values[k + 4] *= s;
      values[k + 5] *= s;
      values[k + 6] *= s;
      values[k + 7] *= s;
    }
    for (; k < end; k++) values[k] *= s;
  };
}

/**
 * For every input channel: `rows` rows of K values each of its padded kernel, from q on, to its plane of `area` values in rows
 * of w, from k on.
 */
type AddKernels = (k: number, q: number, rows: number, channels: number, area: number, w: number) => void;

/** Three rows, or two where one is cut: their values are told one by one. */
function adderOf3(array: Float32Array, kernels: Float32Array): AddKernels {
  const [values, terms] = [array, kernels];
  return (k, q, rows, channels, area, w) => {
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

function adderOf5(array: Float32Array, kernels: Float32Array): AddKernels {
  const [values, terms] = [array, kernels];
  return (k, q, rows, channels, area, w) => {
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
