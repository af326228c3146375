// The gradient of a grouped convolution's weights, straight from the maps and without products with padding:
// tiles of 4 input channels by 8 output channels, summed over the pixels of a few maps at a time.
import { Pass, passAt, stepsTo, stepsWithin } from './convolution';
import { addTile, RUN_ROWS, TILE_BYTES, tileOfRuns } from '../../assembly/tile';

/** Bytes of maps, or of a map's rows, that are worked on together: they stay in the first-level cache. */
const NEAR: i32 = 16384;

/** sums (taps, inputs rounded up to fours, 8) += over `maps` maps and output rows y to yEnd - 1; x and dy: the group's and block's first channel. */
function filterOfRows(pass: Pass, x: usize, dy: usize, maps: i32, y: i32, yEnd: i32, sums: usize, spare: usize): void {
  const aPixel = <usize>(pass.inputs * pass.groups) << 2, bPixel = <usize>(pass.outputs * pass.groups) << 2;
  const aLine = <usize>pass.sourceW * aPixel, bLine = <usize>pass.outW * bPixel;
  const aMap = <usize>pass.sourceH * aLine, bMap = <usize>pass.outH * bLine;
  const aRow = <usize>pass.sh * aLine, aColumn = <usize>pass.sw * aPixel;
  for (let ty = 0; ty < pass.kh; ty++) {
    const above = pass.top - ty * pass.dh;
    const i = max(y, stepsTo(above, pass.sh)), iEnd = min(yEnd, stepsWithin(pass.sourceH - 1 + above, pass.sh, pass.outH));
    for (let tx = 0; tx < pass.kw; tx++) {
      const before = pass.left - tx * pass.dw;
      const j = stepsTo(before, pass.sw), jEnd = stepsWithin(pass.sourceW - 1 + before, pass.sw, pass.outW);
      const a = x + <usize>(i * pass.sh - above) * aLine + <usize>(j * pass.sw - before) * aPixel;
      const b = dy + <usize>i * bLine + <usize>j * bPixel;
      for (let c = 0; c < pass.inputs; c += 4, sums += 128) {
        if (i >= iEnd || j >= jEnd) continue;
        tileOfRuns(a + (<usize>c << 2), aColumn, aRow, aMap, b, bPixel, bLine, bMap, maps, iEnd - i, jEnd - j, spare, 32);
        addTile(spare, sums, 32, RUN_ROWS);
      }
    }
  }
}

/** PyTorch's (outputs, inputs, taps) of `count` outputs from the sums. */
function storeFilter(pass: Pass, sums: usize, count: i32, out: usize): void {
  const taps = pass.kh * pass.kw, rows = pass.inputs + 3 & ~3;
  for (let o = 0; o < count; o++) {
    for (let i = 0; i < pass.inputs; i++) {
      for (let tap = 0; tap < taps; tap++, out += 4) store<f32>(out, load<f32>(sums + (<usize>((tap * rows + i) * 8 + o) << 2)));
    }
  }
}

/** The gradient for 8 outputs, or what is left of them, of group q from output o on. */
function filterOfBlock(pass: Pass, N: i32, q: i32, o: i32, sums: usize, spare: usize): void {
  const taps = pass.kh * pass.kw;
  const aLine = <usize>(pass.sourceW * pass.inputs * pass.groups) << 2, bLine = <usize>(pass.outW * pass.outputs * pass.groups) << 2;
  const bytes = pass.sourceH * <i32>aLine;
  const step = max(1, NEAR / bytes), rows = max(1, NEAR / (pass.sh * <i32>aLine));
  memory.fill(sums, 0, <usize>(taps * (pass.inputs + 3 & ~3)) << 5);
  for (let n = 0; n < N; n += step) {
    const x = pass.source + <usize>n * <usize>bytes + (<usize>(q * pass.inputs) << 2);
    const dy = pass.out + <usize>(n * pass.outH) * bLine + (<usize>(q * pass.outputs + o) << 2);
    const maps = min(step, N - n);
    for (let y = 0; y < pass.outH; y += rows) filterOfRows(pass, x, dy, maps, y, min(pass.outH, y + rows), sums, spare);
  }
  storeFilter(pass, sums, min(8, pass.outputs - o), pass.weights + (<usize>((q * pass.outputs + o) * taps * pass.inputs) << 2));
}

/**
 * Gradients (O, C/g, kh, kw) of the weights of `count` forward passes, from `out`, which holds dy, and `source`. A unit is 8 outputs of a
 * group, for all passes; units `first` to `last` - 1. What is read beyond a group's channels goes into sums that are not stored. Scratch: a spare tile, the sums.
 */
export function filterGradient(table: usize, count: i32, N: i32, first: i32, last: i32, scratch: usize): void {
  const blocks = (passAt(table, 0).outputs + 7) / 8;
  for (let unit = first; unit < last; unit++) {
    const q = unit / blocks, o = (unit - q * blocks) * 8;
    for (let i = 0; i < count; i++) filterOfBlock(passAt(table, i), N, q, o, scratch + TILE_BYTES, scratch);
  }
}
