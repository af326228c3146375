// The matrix pass in plain JavaScript. Loops are unrolled by eight: the engine's loop overhead is larger
// than the arithmetic (measured: 15.5 ms unrolled once, 7.5 ms by eight, for 16.8 million values).
import type { Kernel } from './kernels';
import { columnsOf, usesWindows, windowsLength, type FcShape, type MatrixJob } from './matrix-job';

/** Does the job, channel by channel. */
export function writePlain(job: MatrixJob): void {
  const { kernel, shape } = job;
  const windows = kernel && usesWindows(kernel, shape) ? new Float64Array(windowsLength(shape)) : null;
  for (let o = 0; o < shape.O; o++) {
    if (kernel && windows) {
      fillWindows(windows, kernel, o, shape);
      windowedRows(job, kernel, o, windows);
    } else {
      scaledRows(job, o);
      if (kernel) addBand(job, kernel, o);
    }
  }
}

/** The factor of row `row` of channel `o`. */
function scaleOf({ scale, shape }: MatrixJob, o: number, row: number): number {
  return scale.length === shape.O ? scale[o] : scale[o * shape.h * shape.w + row];
}

/** out = scale * weight for the rows of channel o. */
function scaledRows(job: MatrixJob, o: number): void {
  const { h, w } = job.shape;
  const columns = columnsOf(job.shape);
  for (let row = 0; row < h * w; row++) {
    const first = (o * h * w + row) * columns;
    scaleRun(job, scaleOf(job, o, row), first, first + columns);
  }
}

/** out = scale * weight for the values k .. end - 1. */
function scaleRun({ weight, out }: MatrixJob, s: number, k: number, end: number): void {
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

/** Writes scale * weight + kernel where the kernel reaches, for the rows of channel o. */
function addBand(job: MatrixJob, kernel: Kernel, o: number): void {
  const { weight, out, shape } = job;
  const [area, columns] = [shape.h * shape.w, columnsOf(shape)];
  forEachRun(kernel, shape, o, (row, column, from, length) => {
    const s = scaleOf(job, o, row);
    const to = (o * area + row) * columns + column;
    for (let k = 0; k < length; k++) out[to + k] = s * weight[to + k] + kernel.weight[from + k];
  });
}

/** Calls visit for every run of the band along b: row within channel o, first column, first kernel index, length. */
export function forEachRun(
  { K }: Kernel,
  { channels, h, w }: FcShape,
  o: number,
  visit: (row: number, column: number, from: number, length: number) => void,
): void {
  const p = (K - 1) / 2;
  for (let row = 0; row < h * w; row++) {
    const [i, j] = [Math.floor(row / w), row % w];
    const [firstU, endU] = [Math.max(0, p - i), Math.min(K, h + p - i)];
    const [firstV, endV] = [Math.max(0, p - j), Math.min(K, w + p - j)];
    for (let c = 0; c < channels; c++) {
      for (let u = firstU; u < endU; u++) {
        visit(row, (c * h + i + u - p) * w + j + firstV - p, ((o * channels + c) * K + u) * K + firstV, endV - firstV);
      }
    }
  }
}

/** Puts the kernels of channel o into the windows (w, channels, 2h - 1, w), which hold zeros wherever no kernel ever is. */
function fillWindows(windows: Float64Array, { K, weight }: Kernel, o: number, { channels, h, w }: FcShape): void {
  const p = (K - 1) / 2;
  const [firstU, endU] = [Math.max(0, p - h + 1), Math.min(K, h + p)];
  for (let j = 0; j < w; j++) {
    const [firstV, endV] = [Math.max(0, p - j), Math.min(K, w + p - j)];
    for (let c = 0; c < channels; c++) {
      for (let u = firstU; u < endU; u++) {
        const to = ((j * channels + c) * (2 * h - 1) + u + h - 1 - p) * w + j - p;
        const from = ((o * channels + c) * K + u) * K;
        for (let v = firstV; v < endV; v++) windows[to + v] = weight[from + v];
      }
    }
  }
}

/**
 * out = scale * weight + window for the rows of channel o. Per input channel the band lies in the map rows i - p .. i + p: only
 * there, widened to eights, windows are read.
 */
function windowedRows(job: MatrixJob, { K }: Kernel, o: number, windows: Float64Array): void {
  const { channels, h, w } = job.shape;
  const area = h * w;
  const strip = (2 * h - 1) * w;
  const p = (K - 1) / 2;
  for (let row = 0; row < area; row++) {
    const s = scaleOf(job, o, row);
    const i = Math.floor(row / w);
    const from = (Math.max(0, i - p) * w) & ~7;
    const to = Math.min(area, (Math.min(h, i + p + 1) * w + 7) & ~7);
    let k = (o * area + row) * columnsOf(job.shape);
    let t = (row % w) * channels * strip + (h - 1 - i) * w;
    for (let c = 0; c < channels; c++, k += area, t += strip) {
      scaleRun(job, s, k, k + from);
      windowedRun(job, s, k + from, k + to, windows, t + from);
      scaleRun(job, s, k + to, k + area);
    }
  }
}

/** out = scale * weight + window for the values k .. end - 1; windows from t on. */
function windowedRun({ weight, out }: MatrixJob, s: number, k: number, end: number, windows: Float64Array, t: number): void {
  for (const endOfEights = k + ((end - k) & ~7); k < endOfEights; k += 8, t += 8) {
    out[k] = s * weight[k] + windows[t];
    out[k + 1] = s * weight[k + 1] + windows[t + 1];
    out[k + 2] = s * weight[k + 2] + windows[t + 2];
    out[k + 3] = s * weight[k + 3] + windows[t + 3];
    out[k + 4] = s * weight[k + 4] + windows[t + 4];
    out[k + 5] = s * weight[k + 5] + windows[t + 5];
    out[k + 6] = s * weight[k + 6] + windows[t + 6];
    out[k + 7] = s * weight[k + 7] + windows[t + 7];
  }
  for (; k < end; k++, t++) out[k] = s * weight[k] + windows[t];
}
