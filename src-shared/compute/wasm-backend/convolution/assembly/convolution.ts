// Grouped 2-D convolution on channels-last maps with PyTorch's weights (O, C/g, kh, kw), and its
// gradient by the maps, without an im2col matrix and without products with padding. Four maps at a time are computed
// side by side: a group's channels of theirs lie interleaved in scratch memory, as a tile of sums reads them.
import { transpose4 } from '../../assembly/copying';
import { addTile, putPart, RUN_ROWS, TILE_BYTES, tileOfRuns } from '../../assembly/tile';

/**
 * One direction of a convolution, integers in memory: per group, `inputs` channels of the source, its pixels set spacingY, spacingX
 * apart on a map, are seen through windows that begin at (i * sh - top, j * sw - left), and `outputs` channels computed.
 */
// @ts-ignore: decorator
@unmanaged
export class Pass {
  source: usize;
  /** Packed weights; in the filter gradient what it computes. */
  weights: usize;
  out: usize;
  groups: i32; inputs: i32; outputs: i32;
  kh: i32; kw: i32; dh: i32; dw: i32; sh: i32; sw: i32;
  top: i32; left: i32; spacingY: i32; spacingX: i32;
  sourceH: i32; sourceW: i32; outH: i32; outW: i32;
  /** Output rows that are computed together; where they are not all, bands of a map take the place of maps. */
  bandRows: i32;
  /** Whether the pass before has placed the same source. */
  isPlaced: i32;
  /** Whether the results are added to what the pass before has written. */
  adds: i32;
}

/** Bytes of a Pass. */
const RECORD: usize = 23 << 2;
/** Maps computed side by side, and bytes of one value of theirs. */
const MAPS: i32 = RUN_ROWS;
const LANES: usize = 16;

// @ts-ignore: decorator
@inline
export function passAt(table: usize, index: i32): Pass {
  return changetype<Pass>(table + <usize>index * RECORD);
}

/** The smallest whole number >= 0 whose `step`-fold reaches `distance`. */
// @ts-ignore: decorator
@inline
export function stepsTo(distance: i32, step: i32): i32 {
  return distance <= 0 ? 0 : (distance + step - 1) / step;
}

/** How many of the first `count` multiples of `step`, from 0 on, lie within `distance`. */
// @ts-ignore: decorator
@inline
export function stepsWithin(distance: i32, step: i32, count: i32): i32 {
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

/** Rows and columns of the map. */
// @ts-ignore: decorator
@inline
function mapRows(pass: Pass): i32 {
  return (pass.sourceH - 1) * pass.spacingY + 1;
}

// @ts-ignore: decorator
@inline
function mapColumns(pass: Pass): i32 {
  return (pass.sourceW - 1) * pass.spacingX + 1;
}

/** Columns `dw` apart are neighbours in a placed row, so that a window's row is one run: their number. */
// @ts-ignore: decorator
@inline
function neighbours(pass: Pass): i32 {
  return (mapColumns(pass) + pass.dw - 1) / pass.dw;
}

/** Where a column is in a placed row. */
// @ts-ignore: decorator
@inline
function placeOf(pass: Pass, column: i32): i32 {
  return pass.dw == 1 ? column : column % pass.dw * neighbours(pass) + column / pass.dw;
}

/** Bytes of a placed row. */
// @ts-ignore: decorator
@inline
function placedRow(pass: Pass): usize {
  return <usize>(neighbours(pass) * pass.dw * pass.inputs) * LANES;
}

// @ts-ignore: decorator
@inline
function isBanded(pass: Pass): bool {
  return pass.bandRows < pass.outH;
}

/** Rows placed: all of the map, or those a band of output rows looks at. */
// @ts-ignore: decorator
@inline
function placedRows(pass: Pass): i32 {
  return isBanded(pass) ? (pass.bandRows - 1) * pass.sh + pass.dh * (pass.kh - 1) + 1 : mapRows(pass);
}

/** Places one group of four neighbouring maps, `step` bytes apart. */
function placeFour(pass: Pass, source: usize, step: usize, map: usize): void {
  const channels = <usize>pass.inputs << 2;
  const pixel = <usize>(pass.inputs * pass.groups) << 2;
  const row = placedRow(pass);
  for (let y = 0; y < pass.sourceH; y++) {
    const line = map + <usize>(y * pass.spacingY) * row;
    for (let x = 0; x < pass.sourceW; x++, source += pixel) {
      const to = line + <usize>(placeOf(pass, x * pass.spacingX) * pass.inputs) * LANES;
      let c: usize = 0;
      for (; c + 16 <= channels; c += 16) transpose4(source + c, step, to + (c << 2), LANES);
      for (; c < channels; c += 4) {
        for (let lane: usize = 0; lane < 4; lane++) store<f32>(to + (c << 2) + (lane << 2), load<f32>(source + c + lane * step));
      }
    }
  }
}

/** Places one group of one map, or of its band of rows from `start` on, as one of the four; `map` is the place of that one. */
function placeOne(pass: Pass, source: usize, start: i32, map: usize): void {
  const pixel = <usize>(pass.inputs * pass.groups) << 2;
  const rows = placedRows(pass);
  for (let r = 0; r < rows; r++, map += placedRow(pass)) {
    const row = start + r, y = row / pass.spacingY;
    if (row < 0 || y >= pass.sourceH || y * pass.spacingY != row) continue;
    let from = source + <usize>(y * pass.sourceW) * pixel;
    for (let x = 0; x < pass.sourceW; x++, from += pixel) {
      const to = map + <usize>(placeOf(pass, x * pass.spacingX) * pass.inputs) * LANES;
      for (let c: usize = 0; c < <usize>pass.inputs; c++) store<f32>(to + c * LANES, load<f32>(from + (c << 2)));
    }
  }
}

// @ts-ignore: decorator
@inline
function bandsOf(pass: Pass): i32 {
  return (pass.outH + pass.bandRows - 1) / pass.bandRows;
}

/** Places group q of `count` maps, or of bands counted over the maps, from number `item` on. */
function place(pass: Pass, q: i32, item: i32, count: i32, map: usize): void {
  const step = <usize>(pass.sourceH * pass.sourceW * pass.groups * pass.inputs) << 2;
  const source = pass.source + (<usize>(q * pass.inputs) << 2);
  const banded = isBanded(pass);
  // Elsewhere every value that is read has a source.
  if (banded || pass.spacingY > 1 || pass.spacingX > 1) memory.fill(map, 0, <usize>placedRows(pass) * placedRow(pass));
  if (!banded && count == MAPS) return placeFour(pass, source + <usize>item * step, step, map);
  const bands = bandsOf(pass);
  for (let lane = 0; lane < count; lane++) {
    const n = (item + lane) / bands, band = item + lane - n * bands;
    placeOne(pass, source + <usize>n * step, banded ? band * pass.bandRows * pass.sh - pass.top : 0, map + (<usize>lane << 2));
  }
}

/**
 * What windows see along one axis, three integers per output: bytes from the map's start to the first value, taps left out before it,
 * taps. Rows where `isRow`, columns otherwise.
 */
function listWindows(pass: Pass, out: usize, isRow: bool): void {
  const whole = isRow && isBanded(pass);
  const count = isRow ? pass.bandRows : pass.outW;
  const stride = isRow ? pass.sh : pass.sw, dilation = isRow ? pass.dh : pass.dw, taps = isRow ? pass.kh : pass.kw;
  const before = whole ? 0 : isRow ? pass.top : pass.left;
  const size = whole ? placedRows(pass) : isRow ? mapRows(pass) : mapColumns(pass);
  for (let i = 0; i < count; i++, out += 12) {
    const start = i * stride - before;
    const first = stepsTo(-start, dilation), end = stepsWithin(size - 1 - start, dilation, taps);
    const seen = max(0, end - first), at = seen ? start + first * dilation : 0;
    store<i32>(out, isRow ? <i32>placedRow(pass) * at : placeOf(pass, at) * pass.inputs * <i32>LANES);
    store<i32>(out, first, 4);
    store<i32>(out, seen, 8);
  }
}

/** Writes a tile of `count` maps or bands; `i`: output row within the band. */
function putLanes(pass: Pass, spare: usize, out: usize, item: i32, count: i32, i: i32, columns: i32): void {
  const bands = bandsOf(pass);
  const row = <usize>(pass.outW * pass.outputs * pass.groups) << 2;
  for (let lane = 0; lane < count; lane++, spare += 32) {
    const n = (item + lane) / bands, y = (item + lane - n * bands) * pass.bandRows + i;
    if (y < pass.outH) putPart(spare, out + <usize>(n * pass.outH + y) * row, 0, 1, columns, pass.adds != 0);
  }
}

/** Group q of `count` placed maps (bands) from number `item` on, seen through the listed windows. */
function correlatePlaced(pass: Pass, q: i32, item: i32, count: i32, map: usize, rows: usize, columns: usize, spare: usize): void {
  const pixel = <usize>(pass.outputs * pass.groups) << 2;
  const step = <usize>(pass.outH * pass.outW) * pixel;
  const aRow = <usize>pass.dh * placedRow(pass), bTap = <usize>pass.inputs << 5, bRow = <usize>pass.kw * bTap;
  const panel = <usize>pass.kh * bRow;
  const panels = pass.weights + <usize>(q * ((pass.outputs + 7) / 8)) * panel;
  const out = pass.out + (<usize>(q * pass.outputs) << 2);
  const together = !isBanded(pass) && count == MAPS;
  for (let i = 0; i < pass.bandRows; i++, rows += 12) {
    const y = load<i32>(rows, 4), runs = load<i32>(rows, 8);
    for (let j = 0, window = columns; j < pass.outW; j++, window += 12) {
      const a = map + <usize>(load<i32>(rows) + load<i32>(window));
      const run = load<i32>(window, 8) * pass.inputs;
      let b = panels + <usize>y * bRow + <usize>load<i32>(window, 4) * bTap;
      let to = out + <usize>(i * pass.outW + j) * pixel + <usize>item * step;
      for (let o = 0; o < pass.outputs; o += 8, b += panel, to += 32) {
        const isWhole = together && o + 8 <= pass.outputs;
        if (isWhole && !pass.adds) {
          tileOfRuns(a, LANES, aRow, 0, b, 32, bRow, 0, 1, runs, run, to, step);
        } else {
          tileOfRuns(a, LANES, aRow, 0, b, 32, bRow, 0, 1, runs, run, spare, 32);
          if (isWhole) addTile(spare, to, step, MAPS);
          else putLanes(pass, spare, out + <usize>j * pixel + (<usize>o << 2), item, count, i, min(8, pass.outputs - o));
        }
      }
    }
  }
}

/**
 * Runs `count` passes on the same groups and numbers of maps: a unit is one group of four maps (or bands) of all `N`, of these those from
 * `first` to `last` - 1. Scratch: a spare tile, per pass the windows of its rows and columns, a placed map.
 */
export function correlate(table: usize, count: i32, N: i32, first: i32, last: i32, scratch: usize): void {
  const lists = scratch + TILE_BYTES;
  let map = lists;
  for (let i = 0; i < count; i++) {
    const pass = passAt(table, i);
    listWindows(pass, map, true);
    listWindows(pass, map + <usize>pass.bandRows * 12, false);
    map += <usize>(pass.bandRows + pass.outW) * 12;
  }
  const groups = passAt(table, 0).groups;
  const items = N * bandsOf(passAt(table, 0));
  for (let unit = first; unit < last; unit++) {
    const block = unit / groups, q = unit - block * groups;
    const item = block * MAPS, lanes = min(MAPS, items - item);
    let rows = lists;
    for (let i = 0; i < count; i++) {
      const pass = passAt(table, i);
      const columns = rows + <usize>pass.bandRows * 12;
      if (!pass.isPlaced) place(pass, q, item, lanes, map);
      correlatePlaced(pass, q, item, lanes, map, rows, columns, scratch);
      rows = columns + <usize>pass.outW * 12;
    }
  }
}
