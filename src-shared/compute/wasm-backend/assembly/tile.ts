// Tiles of sums in registers: how the matrix product's of 5 x 8 ends, stored, or added to what is there; whole,
// or only its part inside the output; and the convolutions' of 4 x 8. Five rows, for ten sums with their
// operands still fit the registers: a row less or more is 15 % or 50 % slower (measured on V8).

/** Rows of the matrix product's tile. */
export const TILE_ROWS: i32 = 5;
/** Bytes of a tile that is computed apart. */
export const TILE_BYTES: usize = 160;

/** Writes 8 neighbouring values, or adds them. */
// @ts-ignore: decorator
@inline
export function put(c: usize, low: v128, high: v128, add: bool): void {
  if (add) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** Adds a tile of `rows` rows at `spare` to the one at `c`, whose rows are `row` bytes apart. */
export function addTile(spare: usize, c: usize, row: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, spare += 32, c += row) put(c, v128.load(spare), v128.load(spare, 16), true);
}

/** Writes (or adds) the `rows` x `columns` of a tile at `spare` that exist in the output; `row` is the output's in bytes. */
export function putPart(spare: usize, c: usize, row: usize, rows: i32, columns: i32, add: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = c + <usize>i * row + (<usize>j << 2);
      const value = load<f32>(spare + (<usize>i << 5) + (<usize>j << 2));
      store<f32>(to, add ? load<f32>(to) + value : value);
    }
  }
}

/** Rows of the smaller tile: with a fifth its loops within loops lose their registers. */
export const RUN_ROWS: i32 = 4;

/**
 * c (4, 8), rows `row` bytes apart, = the sum over `maps` maps and `runs` runs of `length` steps: 4 consecutive values at `a` times 8 at `b`;
 * distances in bytes. It never adds to c, see compute/wasm-backend/matmul/assembly/gemm.ts.
 */
export function tileOfRuns(
  a: usize, aStep: usize, aRun: usize, aMap: usize, b: usize, bStep: usize, bRun: usize, bMap: usize,
  maps: i32, runs: i32, length: i32, c: usize, row: usize,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const bytes = <usize>length * aStep;
  for (; maps > 0; maps--, a += aMap, b += bMap) {
    let aLine = a, bLine = b;
    for (let y = 0; y < runs; y++, aLine += aRun, bLine += bRun) {
      let q = bLine;
      for (let p = aLine, end = aLine + bytes; p < end; p += aStep, q += bStep) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
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
  }
  put(c, c00, c01, false);
  put(c + row, c10, c11, false);
  put(c + 2 * row, c20, c21, false);
  put(c + 3 * row, c30, c31, false);
}
