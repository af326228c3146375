// Depthwise 2-D convolution, one channel a group, on channels-last maps, and its two gradients: neighbouring
// channels are computed side by side, straight from the maps.
import { Pass, passAt, stepsTo, stepsWithin } from './convolution';

/** PyTorch's weights (C, taps) as (taps, C), `turned` by 180 degrees. */
export function packDepthwise(weight: usize, out: usize, C: i32, taps: i32, turned: bool): void {
  for (let tap = 0; tap < taps; tap++) {
    const from = weight + (<usize>(turned ? taps - 1 - tap : tap) << 2);
    for (let c = 0; c < C; c++, out += 4) store<f32>(out, load<f32>(from + (<usize>(c * taps) << 2)));
  }
}

/** The source's row (column) under tap `tap` of the window that begins at `start`; -1 where there is none. */
// @ts-ignore: decorator
@inline
function sourceOf(start: i32, tap: i32, dilation: i32, spacing: i32, size: i32): i32 {
  const at = start + tap * dilation, index = at / spacing;
  return at < 0 || index >= size || index * spacing != at ? -1 : index;
}

/** Writes, for every tap of an output pixel that has a source, where this is and where the tap's weights are; their number. */
function listTaps(pass: Pass, source: usize, y: i32, x: i32, list: usize): i32 {
  const pixel = <usize>pass.groups << 2;
  const top = y * pass.sh - pass.top, left = x * pass.sw - pass.left;
  let count = 0;
  for (let i = 0; i < pass.kh; i++) {
    const row = sourceOf(top, i, pass.dh, pass.spacingY, pass.sourceH);
    if (row < 0) continue;
    for (let j = 0; j < pass.kw; j++) {
      const column = sourceOf(left, j, pass.dw, pass.spacingX, pass.sourceW);
      if (column < 0) continue;
      store<usize>(list, source + <usize>(row * pass.sourceW + column) * pixel);
      store<usize>(list, pass.weights + <usize>(i * pass.kw + j) * pixel, 4);
      list += 8;
      count++;
    }
  }
  return count;
}

/** out (bytes/4 channels) = or += the listed values times their weights. */
function sumTaps(list: usize, count: i32, out: usize, bytes: usize, adds: bool): void {
  const end = list + (<usize>count << 3);
  let c: usize = 0;
  for (; c + 16 <= bytes; c += 16) {
    let sum = f32x4.splat(0);
    for (let at = list; at < end; at += 8) sum = f32x4.add(sum, f32x4.mul(v128.load(load<usize>(at) + c), v128.load(load<usize>(at, 4) + c)));
    v128.store(out + c, adds ? f32x4.add(v128.load(out + c), sum) : sum);
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = 0;
    for (let at = list; at < end; at += 8) sum += load<f32>(load<usize>(at) + c) * load<f32>(load<usize>(at, 4) + c);
    store<f32>(out + c, adds ? load<f32>(out + c) + sum : sum);
  }
}

/** `count` passes, one after the other, for the output rows `first` to `last` - 1 of all maps. Scratch: 8 bytes per tap. */
export function depthwise(table: usize, count: i32, first: i32, last: i32, scratch: usize): void {
  for (let row = first; row < last; row++) {
    for (let i = 0; i < count; i++) {
      const pass = passAt(table, i);
      const pixel = <usize>pass.groups << 2;
      const n = row / pass.outH, y = row - n * pass.outH;
      const source = pass.source + <usize>(n * pass.sourceH * pass.sourceW) * pixel;
      let out = pass.out + <usize>(row * pass.outW) * pixel;
      for (let x = 0; x < pass.outW; x++, out += pixel) {
        sumTaps(scratch, listTaps(pass, source, y, x, scratch), out, pixel, pass.adds != 0);
      }
    }
  }
}

/** sums (bytes/4 channels) += over `rows` x `columns` pixels: values at `a` times values at `b`; distances in bytes. */
function addProducts(
  a: usize, aColumn: usize, aRow: usize, b: usize, bColumn: usize, bRow: usize, rows: i32, columns: i32, sums: usize, bytes: usize,
): void {
  let c: usize = 0;
  for (; c + 16 <= bytes; c += 16) {
    let sum = f32x4.splat(0);
    let aLine = a + c, bLine = b + c;
    for (let y = 0; y < rows; y++, aLine += aRow, bLine += bRow) {
      for (let p = aLine, q = bLine, end = p + <usize>columns * aColumn; p < end; p += aColumn, q += bColumn) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load(q)));
      }
    }
    v128.store(sums + c, f32x4.add(v128.load(sums + c), sum));
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = 0;
    let aLine = a + c, bLine = b + c;
    for (let y = 0; y < rows; y++, aLine += aRow, bLine += bRow) {
      for (let p = aLine, q = bLine, end = p + <usize>columns * aColumn; p < end; p += aColumn, q += bColumn) sum += load<f32>(p) * load<f32>(q);
    }
    store<f32>(sums + c, load<f32>(sums + c) + sum);
  }
}

/** Channels whose filter gradient is computed together. */
const BLOCK: i32 = 16;

/** Adds one map to the sums (taps, 16 channels); x and dy: its first channel of the block. */
function addMap(pass: Pass, x: usize, dy: usize, bytes: usize, sums: usize): void {
  const pixel = <usize>pass.groups << 2;
  const aLine = <usize>pass.sourceW * pixel, bLine = <usize>pass.outW * pixel;
  for (let ty = 0; ty < pass.kh; ty++) {
    const above = pass.top - ty * pass.dh;
    const i = stepsTo(above, pass.sh), iEnd = stepsWithin(pass.sourceH - 1 + above, pass.sh, pass.outH);
    for (let tx = 0; tx < pass.kw; tx++, sums += BLOCK << 2) {
      const before = pass.left - tx * pass.dw;
      const j = stepsTo(before, pass.sw), jEnd = stepsWithin(pass.sourceW - 1 + before, pass.sw, pass.outW);
      if (i >= iEnd || j >= jEnd) continue;
      const a = x + <usize>(i * pass.sh - above) * aLine + <usize>(j * pass.sw - before) * pixel;
      const b = dy + <usize>i * bLine + <usize>j * pixel;
      addProducts(a, <usize>pass.sw * pixel, <usize>pass.sh * aLine, b, pixel, bLine, iEnd - i, jEnd - j, sums, bytes);
    }
  }
}

/**
 * Gradients (C, 1, kh, kw) of the weights of `count` forward passes, from `out`, which holds dy, and `source`; a unit is 16 channels, units
 * `first` to `last` - 1. Scratch: 64 bytes per tap.
 */
export function depthwiseFilter(table: usize, count: i32, N: i32, first: i32, last: i32, scratch: usize): void {
  for (let unit = first; unit < last; unit++) {
    for (let i = 0; i < count; i++) {
      const pass = passAt(table, i);
      const c = unit * BLOCK, channels = min(BLOCK, pass.groups - c), taps = pass.kh * pass.kw;
      const x = pass.source + (<usize>c << 2), dy = pass.out + (<usize>c << 2);
      const xMap = <usize>(pass.sourceH * pass.sourceW * pass.groups) << 2, dyMap = <usize>(pass.outH * pass.outW * pass.groups) << 2;
      memory.fill(scratch, 0, <usize>taps << 6);
      for (let n: usize = 0; n < <usize>N; n++) addMap(pass, x + n * xMap, dy + n * dyMap, <usize>channels << 2, scratch);
      let to = pass.weights + (<usize>(c * taps) << 2);
      for (let k = 0; k < channels; k++) {
        for (let tap = 0; tap < taps; tap++, to += 4) store<f32>(to, load<f32>(scratch + (<usize>(tap * BLOCK + k) << 2)));
      }
    }
  }
}
