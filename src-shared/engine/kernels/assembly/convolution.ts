// Grouped 2-D convolution on channels-last maps with PyTorch's weights (O, C/g, kh, kw), and its two
// gradients, without an im2col matrix: a group's channels of one map are placed on a zero-padded map in
// scratch memory, where the window of every output pixel consists of runs of consecutive values.
import { copyFloats } from './copying';
import { put, putPart } from './tile';

/**
 * One direction of a convolution, 20 integers in memory: per group, `inputs` channels are placed on a map of rows x columns (the
 * first pixel at (top, left), pixels spacingY, spacingX apart; what falls outside is left out) and `outputs` channels computed.
 */
// @ts-ignore: decorator
@unmanaged
export class Pass {
  groups: i32; inputs: i32; outputs: i32;
  kh: i32; kw: i32; dh: i32; dw: i32; sh: i32; sw: i32;
  rows: i32; columns: i32; top: i32; left: i32; spacingY: i32; spacingX: i32;
  sourceH: i32; sourceW: i32; outH: i32; outW: i32;
}

/** Bytes of scratch memory before a placed map: a spare tile. */
const SPARE: usize = 128;

/** Runs of consecutive values in a kernel's row of a window: one where the columns are neighbours, else one per column. */
// @ts-ignore: decorator
@inline
function runsOf(pass: Pass): i32 {
  return pass.dw == 1 ? 1 : pass.kw;
}

/** Values in a run. */
// @ts-ignore: decorator
@inline
function runLength(pass: Pass): i32 {
  return pass.dw == 1 ? pass.kw * pass.inputs : pass.inputs;
}

/** First and last row of the map that hold values of the source. */
// @ts-ignore: decorator
@inline
function firstRow(pass: Pass): i32 {
  return max(0, pass.top);
}

// @ts-ignore: decorator
@inline
function lastRow(pass: Pass): i32 {
  return min(pass.rows - 1, pass.top + (pass.sourceH - 1) * pass.spacingY);
}

/** The smallest whole number >= 0 whose `step`-fold reaches `distance`. */
// @ts-ignore: decorator
@inline
function stepsTo(distance: i32, step: i32): i32 {
  return distance <= 0 ? 0 : (distance + step - 1) / step;
}

/** How many of the first `count` multiples of `step`, from 0 on, lie within `distance`. */
// @ts-ignore: decorator
@inline
function stepsWithin(distance: i32, step: i32, count: i32): i32 {
  return distance < 0 ? 0 : min(count, distance / step + 1);
}

/** Weights as panels of 8 outputs: (g, outputs/8, taps, inputs, 8). Strides in elements of the stored weights; `turned` by 180 degrees. */
export function packWeights(
  weight: usize, out: usize, groups: i32, outputs: i32, inputs: i32, taps: i32, outputStride: i32, inputStride: i32, turned: bool,
): void {
  for (let q = 0; q < groups; q++, weight += <usize>(outputs * inputs * taps) << 2) {
    for (let o = 0; o < outputs; o += 8) {
      for (let tap = 0; tap < taps; tap++) {
        const at = weight + (<usize>(turned ? taps - 1 - tap : tap) << 2);
        for (let i = 0; i < inputs; i++, out += 32) {
          for (let j = 0; j < 8; j++) {
            const from = at + (<usize>((o + j) * outputStride + i * inputStride) << 2);
            store<f32>(out + (<usize>j << 2), o + j < outputs ? load<f32>(from) : 0);
          }
        }
      }
    }
  }
}

/** Places one group of one map; the map's other values must be zeros already. `source` is the group's first channel. */
function place(pass: Pass, source: usize, map: usize): void {
  const channels = pass.inputs;
  const pixel = <usize>(channels * pass.groups) << 2;
  const step = <usize>(channels * pass.spacingX) << 2;
  for (let y = 0; y < pass.sourceH; y++) {
    const row = pass.top + y * pass.spacingY;
    if (row < 0 || row >= pass.rows) continue;
    let from = source + <usize>(y * pass.sourceW) * pixel;
    let column = pass.left;
    let to = map + (<usize>((row * pass.columns + column) * channels) << 2);
    for (let x = 0; x < pass.sourceW; x++, from += pixel, to += step, column += pass.spacingX) {
      if (column >= 0 && column < pass.columns) copyFloats(from, to, channels);
    }
  }
}

/** c (4, 8), rows `row` bytes apart, = the kernel rows y to yEnd - 1 of windows at a0..a3 times a panel b of weights. */
function windowTile(
  pass: Pass, a0: usize, a1: usize, a2: usize, a3: usize, b: usize, y: i32, yEnd: i32, c: usize, row: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const runs = runsOf(pass);
  const run = <usize>runLength(pass) << 2;
  for (b += <usize>(y * runs) * (run << 3); y < yEnd; y++) {
    for (let x = 0; x < runs; x++) {
      const start = <usize>((y * pass.dh * pass.columns + x * pass.dw) * pass.inputs) << 2;
      for (let p = start, end = start + run; p < end; p += 4, b += 32) {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        const s0 = v128.load32_splat(a0 + p), s1 = v128.load32_splat(a1 + p), s2 = v128.load32_splat(a2 + p), s3 = v128.load32_splat(a3 + p);
        c00 = f32x4.add(c00, f32x4.mul(s0, b0));
        c01 = f32x4.add(c01, f32x4.mul(s0, b1));
        c10 = f32x4.add(c10, f32x4.mul(s1, b0));
        c11 = f32x4.add(c11, f32x4.mul(s1, b1));
        c20 = f32x4.add(c20, f32x4.mul(s2, b0));
        c21 = f32x4.add(c21, f32x4.mul(s2, b1));
        c30 = f32x4.add(c30, f32x4.mul(s3, b0));
        c31 = f32x4.add(c31, f32x4.mul(s3, b1));
      }
    }
  }
  put(c, c00, c01, false);
  put(c + row, c10, c11, false);
  put(c + 2 * row, c20, c21, false);
  put(c + 3 * row, c30, c31, false);
}

/** Where the window of output pixel `index` begins. */
// @ts-ignore: decorator
@inline
function windowOf(pass: Pass, map: usize, index: i32): usize {
  const y = index / pass.outW;
  const x = index - y * pass.outW;
  return map + (<usize>((y * pass.sh * pass.columns + x * pass.sw) * pass.inputs) << 2);
}

/** All output pixels and channels of one group from its placed map; `out` is the group's first channel of the first pixel. */
function correlateGroup(pass: Pass, map: usize, panels: usize, out: usize, spare: usize): void {
  const pixels = pass.outH * pass.outW;
  const row = <usize>(pass.outputs * pass.groups) << 2;
  const panel = <usize>(pass.kh * pass.kw * pass.inputs) << 5;
  for (let i = 0; i < pixels; i += 4) {
    const last = pixels - 1;
    const a0 = windowOf(pass, map, i), a1 = windowOf(pass, map, min(i + 1, last));
    const a2 = windowOf(pass, map, min(i + 2, last)), a3 = windowOf(pass, map, min(i + 3, last));
    const y = stepsTo(firstRow(pass) - min(i + 3, last) / pass.outW * pass.sh, pass.dh);
    const yEnd = stepsWithin(lastRow(pass) - i / pass.outW * pass.sh, pass.dh, pass.kh);
    let to = out + <usize>i * row;
    let b = panels;
    for (let o = 0; o < pass.outputs; o += 8, to += 32, b += panel) {
      if (i + 4 <= pixels && o + 8 <= pass.outputs) {
        windowTile(pass, a0, a1, a2, a3, b, y, yEnd, to, row);
      } else {
        windowTile(pass, a0, a1, a2, a3, b, y, yEnd, spare, 32);
        putPart(spare, to, row, min(4, pixels - i), min(8, pass.outputs - o), false);
      }
    }
  }
}

/** out (N, outH, outW, outputs * g) from source (N, sourceH, sourceW, inputs * g) and packed weights, for maps first..last-1. */
export function correlate(pass: Pass, source: usize, weights: usize, out: usize, first: i32, last: i32, scratch: usize): void {
  const map = scratch + SPARE;
  memory.fill(map, 0, <usize>(pass.rows * pass.columns * pass.inputs) << 2);
  const groupWeights = <usize>((pass.outputs + 7) / 8 * pass.kh * pass.kw * pass.inputs) << 5;
  for (let q = 0; q < pass.groups; q++) {
    for (let n = first; n < last; n++) {
      const from = source + (<usize>((n * pass.sourceH * pass.sourceW * pass.groups + q) * pass.inputs) << 2);
      const to = out + (<usize>((n * pass.outH * pass.outW * pass.groups + q) * pass.outputs) << 2);
      place(pass, from, map);
      correlateGroup(pass, map, weights + <usize>q * groupWeights, to, scratch);
    }
  }
}

/**
 * c (4, 8), rows `row` bytes apart, += over the output pixels of rows y to yEnd - 1: 4 consecutive values of the map at `a` times 8
 * output channels at `b`.
 */
function filterTile(pass: Pass, a: usize, b: usize, bStep: usize, y: i32, yEnd: i32, c: usize, row: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const aStep = <usize>(pass.sw * pass.inputs) << 2;
  const aRow = <usize>(pass.sh * pass.columns * pass.inputs) << 2;
  a += <usize>y * aRow;
  b += <usize>(y * pass.outW) * bStep;
  for (; y < yEnd; y++, a += aRow) {
    let p = a;
    for (let x = 0; x < pass.outW; x++, p += aStep, b += bStep) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      const s0 = v128.load32_splat(p), s1 = v128.load32_splat(p, 4), s2 = v128.load32_splat(p, 8), s3 = v128.load32_splat(p, 12);
      c00 = f32x4.add(c00, f32x4.mul(s0, b0));
      c01 = f32x4.add(c01, f32x4.mul(s0, b1));
      c10 = f32x4.add(c10, f32x4.mul(s1, b0));
      c11 = f32x4.add(c11, f32x4.mul(s1, b1));
      c20 = f32x4.add(c20, f32x4.mul(s2, b0));
      c21 = f32x4.add(c21, f32x4.mul(s2, b1));
      c30 = f32x4.add(c30, f32x4.mul(s3, b0));
      c31 = f32x4.add(c31, f32x4.mul(s3, b1));
    }
  }
  put(c, c00, c01, true);
  put(c + row, c10, c11, true);
  put(c + 2 * row, c20, c21, true);
  put(c + 3 * row, c30, c31, true);
}

/** Output gradients (pixels, `width`) of `count` channels of one map; what is left of the width is not read into any result. */
function gatherOutputs(pass: Pass, dy: usize, out: usize, count: i32, width: i32): void {
  const pixels = pass.outH * pass.outW;
  const row = <usize>(pass.outputs * pass.groups) << 2;
  for (let i = 0; i < pixels; i++, dy += row, out += <usize>width << 2) copyFloats(dy, out, count);
}

/** Rows of sums for one run, a multiple of four. */
// @ts-ignore: decorator
@inline
function runRows(pass: Pass): i32 {
  return (runLength(pass) + 3) & ~3;
}

/** sums (kh, runs, run's rows, `width`) += one placed map correlated with its output gradients. */
function filterOfMap(pass: Pass, map: usize, dy: usize, width: i32, sums: usize): void {
  const row = <usize>width << 2;
  const rows = runRows(pass), runs = runsOf(pass);
  for (let y = 0; y < pass.kh; y++) {
    const start = stepsTo(firstRow(pass) - y * pass.dh, pass.sh), end = stepsWithin(lastRow(pass) - y * pass.dh, pass.sh, pass.outH);
    for (let x = 0; x < runs; x++) {
      const a = map + (<usize>((y * pass.dh * pass.columns + x * pass.dw) * pass.inputs) << 2);
      for (let i = 0; i < rows; i += 4, sums += 4 * row) {
        for (let o: usize = 0; o < row; o += 32) filterTile(pass, a + (<usize>i << 2), dy + o, row, start, end, sums + o, row);
      }
    }
  }
}

/** PyTorch's (outputs, inputs, taps) of `count` outputs from the sums. */
function storeFilter(pass: Pass, sums: usize, count: i32, width: i32, out: usize): void {
  const taps = pass.kh * pass.kw;
  const rows = runRows(pass);
  const perRun = pass.kw / runsOf(pass);
  for (let o = 0; o < count; o++) {
    for (let i = 0; i < pass.inputs; i++) {
      for (let tap = 0; tap < taps; tap++, out += 4) {
        const row = tap / perRun * rows + tap % perRun * pass.inputs + i;
        store<f32>(out, load<f32>(sums + (<usize>(row * width + o) << 2)));
      }
    }
  }
}

/**
 * Gradient (O, C/g, kh, kw) of the weights from x (N, ...) and dy (N, ...); `pass` is the forward one. Each group's outputs are cut into
 * blocks of 8, of all groups' blocks those from `first` to `last` - 1. Scratch: a placed map, output gradients, sums.
 */
export function filterGradient(pass: Pass, x: usize, dy: usize, out: usize, N: i32, first: i32, last: i32, scratch: usize): void {
  const blocks = (pass.outputs + 7) / 8;
  const map = scratch;
  const mapBytes = (<usize>(pass.rows * pass.columns * pass.inputs + 8) << 2) + 15 & ~15;
  memory.fill(map, 0, mapBytes);
  for (let block = first; block < last; ) {
    const q = block / blocks;
    const o = (block - q * blocks) * 8;
    const end = min(last, (q + 1) * blocks);
    const width = (end - block) * 8;
    const outputs = map + mapBytes;
    const sums = outputs + (<usize>(pass.outH * pass.outW * width) << 2);
    filterOfOutputs(pass, x, dy, out, N, q, o, min(width, pass.outputs - o), width, map, outputs, sums);
    block = end;
  }
}

/** The gradient for `count` outputs of group q from output o on. */
function filterOfOutputs(
  pass: Pass, x: usize, dy: usize, out: usize, N: i32, q: i32, o: i32, count: i32, width: i32, map: usize, outputs: usize, sums: usize,
): void {
  const area = pass.kh * pass.kw * pass.inputs;
  memory.fill(sums, 0, <usize>(pass.kh * runsOf(pass) * runRows(pass) * width) << 2);
  for (let n = 0; n < N; n++) {
    place(pass, x + (<usize>((n * pass.sourceH * pass.sourceW * pass.groups + q) * pass.inputs) << 2), map);
    gatherOutputs(pass, dy + (<usize>((n * pass.outH * pass.outW * pass.groups + q) * pass.outputs + o) << 2), outputs, count, width);
    filterOfMap(pass, map, outputs, width, sums);
  }
  storeFilter(pass, sums, count, width, out + (<usize>((q * pass.outputs + o) * area) << 2));
}
