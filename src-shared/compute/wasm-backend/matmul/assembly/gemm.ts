// Matrix product C (m, n) = A * B in float32, any of the two transposed. B is copied into panels of 8
// columns, A into panels of 5 rows, both padded with zeros; a tile of 5 x 8 sums lives in registers.
// Sums over k run in blocks of KC, so that long sums are sums of block sums.
import { transpose4 } from '../../assembly/copying';
import { addTile, putPart, TILE_BYTES, TILE_ROWS } from '../../assembly/tile';

/** Inner length of a block: one panel of B (KC x 8) stays in the first-level cache. */
const KC: i32 = 512;
/** Rows of A per block: its panels stay in the second-level cache. */
const MC: i32 = 60;
/** Columns of B per block. */
const NC: i32 = 1024;

/** Bytes of scratch memory that `gemmRows` needs. */
export function gemmScratch(): i32 {
  return ((KC * NC + MC * KC) << 2) + <i32>TILE_BYTES;
}

/** Packs B (kc rows, nc columns; element (p, j) at b + p * row + j * 4) into panels (nc/8, kc, 8). */
function packRows(b: usize, row: usize, out: usize, kc: i32, nc: i32): void {
  for (let j = 0; j < nc; j += 8) {
    let from = b + (<usize>j << 2);
    if (j + 8 <= nc) {
      for (let p = 0; p < kc; p++, from += row, out += 32) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
      }
    } else {
      const bytes = <usize>(nc - j) << 2;
      memory.fill(out, 0, <usize>kc << 5);
      for (let p = 0; p < kc; p++, from += row, out += 32) for (let i: usize = 0; i < bytes; i += 4) store<f32>(out + i, load<f32>(from + i));
    }
  }
}

/** Packs `count` rows (element (i, p) at a + i * row + p * 4) as the columns of panels `width` wide: (count/width, kc, width). */
function packColumns(a: usize, row: usize, out: usize, kc: i32, count: i32, width: i32): void {
  const step = <usize>width << 2;
  for (let i = 0; i < count; i += width) {
    const rows = min(width, count - i);
    const panel = out + <usize>(i / width) * <usize>kc * step;
    if (rows < width) memory.fill(panel, 0, <usize>kc * step);
    let q = 0;
    for (; q + 4 <= rows; q += 4) packFour(a + <usize>(i + q) * row, row, panel + (<usize>q << 2), step, kc);
    for (; q < rows; q++) {
      const from = a + <usize>(i + q) * row;
      for (let p = 0; p < kc; p++) store<f32>(panel + (<usize>q << 2) + <usize>p * step, load<f32>(from + (<usize>p << 2)));
    }
  }
}

function packFour(a: usize, row: usize, out: usize, step: usize, kc: i32): void {
  let p = 0;
  for (; p + 4 <= kc; p += 4) transpose4(a + (<usize>p << 2), row, out + <usize>p * step, step);
  for (; p < kc; p++) for (let i: usize = 0; i < 4; i++) store<f32>(out + <usize>p * step + (i << 2), load<f32>(a + i * row + (<usize>p << 2)));
}

/** Packs A stored transposed (element (i, p) at a + p * row + i * 4) into panels of 5 rows: (mc/5, kc, 5). */
function packTransposed(a: usize, row: usize, out: usize, kc: i32, mc: i32): void {
  const panel = <usize>(kc * TILE_ROWS) << 2;
  const whole = mc / TILE_ROWS;
  if (whole * TILE_ROWS < mc) memory.fill(out + <usize>whole * panel, 0, panel);
  for (let p = 0; p < kc; p++, a += row, out += TILE_ROWS << 2) {
    let to = out, i = 0;
    for (; i + TILE_ROWS <= mc; i += TILE_ROWS, to += panel) {
      const from = a + (<usize>i << 2);
      v128.store(to, v128.load(from));
      store<f32>(to, load<f32>(from, 16), 16);
    }
    for (; i < mc; i++, to += 4) store<f32>(to, load<f32>(a + (<usize>i << 2)));
  }
}

/**
 * c (5, 8), rows `row` bytes apart, = panel a (kc, 5) times panel b (kc, 8). It never adds to c: a choice at its end costs V8 the
 * registers of the loop and half the speed.
 */
function tile(a: usize, b: usize, kc: i32, c: usize, row: usize): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  for (const end = a + <usize>(kc * 20); a < end; a += 20, b += 32) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a, 4), a2 = v128.load32_splat(a, 8);
    const a3 = v128.load32_splat(a, 12), a4 = v128.load32_splat(a, 16);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    c40 = f32x4.add(c40, f32x4.mul(a4, b0));
    c41 = f32x4.add(c41, f32x4.mul(a4, b1));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + row, c10);
  v128.store(c + row, c11, 16);
  v128.store(c + 2 * row, c20);
  v128.store(c + 2 * row, c21, 16);
  v128.store(c + 3 * row, c30);
  v128.store(c + 3 * row, c31, 16);
  v128.store(c + 4 * row, c40);
  v128.store(c + 4 * row, c41, 16);
}

/** c (mc, nc) = or += the packed block of A times the packed block of B. */
function blockProduct(a: usize, b: usize, kc: i32, c: usize, row: usize, mc: i32, nc: i32, add: bool, spare: usize): void {
  for (let j = 0; j < nc; j += 8, b += <usize>kc << 5) {
    const columns = min(8, nc - j);
    for (let i = 0; i < mc; i += TILE_ROWS) {
      const to = c + <usize>i * row + (<usize>j << 2);
      const from = a + (<usize>(i * kc) << 2);
      const rows = min(TILE_ROWS, mc - i);
      const isWhole = rows == TILE_ROWS && columns == 8;
      if (isWhole && !add) {
        tile(from, b, kc, to, row);
      } else {
        tile(from, b, kc, spare, 32);
        if (isWhole) addTile(spare, to, row, TILE_ROWS);
        else putPart(spare, to, row, rows, columns, add);
      }
    }
  }
}

/**
 * C (m, n), rows `ldc` elements apart, = A (m, k) * B (k, n). A is stored (m, k) with rows `lda` elements apart, or (k, m) where
 * `transposeA`; B likewise.
 */
function gemm(
  a: usize, lda: i32, transposeA: bool, b: usize, ldb: i32, transposeB: bool, c: usize, ldc: i32, m: i32, n: i32, k: i32, scratch: usize,
): void {
  const rowA = <usize>lda << 2, rowB = <usize>ldb << 2, rowC = <usize>ldc << 2;
  const packedB = scratch, packedA = scratch + (KC * NC << 2), spare = packedA + (MC * KC << 2);
  for (let j = 0; j < n; j += NC) {
    const nc = min(NC, n - j);
    for (let p = 0; p < k; p += KC) {
      const kc = min(KC, k - p);
      if (transposeB) packColumns(b + <usize>j * rowB + (<usize>p << 2), rowB, packedB, kc, nc, 8);
      else packRows(b + <usize>p * rowB + (<usize>j << 2), rowB, packedB, kc, nc);
      for (let i = 0; i < m; i += MC) {
        const mc = min(MC, m - i);
        if (transposeA) packTransposed(a + <usize>p * rowA + (<usize>i << 2), rowA, packedA, kc, mc);
        else packColumns(a + <usize>i * rowA + (<usize>p << 2), rowA, packedA, kc, mc, TILE_ROWS);
        blockProduct(packedA, packedB, kc, c + <usize>i * rowC + (<usize>j << 2), rowC, mc, nc, p > 0, spare);
      }
    }
  }
}

/**
 * A batch of products C_i (m, n) = A_i * B_i, of all its rows (batch * m) those from `first` to `last` - 1. Matrices of a batch lie
 * `strideA` and `strideB` elements apart (0: the same for all), those of C one after the other.
 */
export function gemmRows(
  a: usize, lda: i32, transposeA: bool, strideA: i32, b: usize, ldb: i32, transposeB: bool, strideB: i32,
  c: usize, m: i32, n: i32, k: i32, first: i32, last: i32, scratch: usize,
): void {
  for (let row = first; row < last; ) {
    const batch = row / m, i = row - batch * m;
    const count = min(m - i, last - row);
    const atA = a + (<usize>batch * <usize>strideA << 2) + (<usize>i * <usize>(transposeA ? 1 : lda) << 2);
    const atB = b + (<usize>batch * <usize>strideB << 2);
    gemm(atA, lda, transposeA, atB, ldb, transposeB, c + (<usize>row * <usize>n << 2), n, count, n, k, scratch);
    row += count;
  }
}
