// WebAssembly SIMD form of the matrix pass: rows of out = scale * weight + band, all in float32, each operation
// rounded: bit for bit what ../plain-pass.ts computes. Where nothing is added the band holds -0, the one number whose
// addition changes nothing. `node build.mjs` compiles this into ../matrix-rows.wasm.ts.
// Pointers are byte offsets of float32 values. `out` may be `weight`: every value is read before it is written.

/** out[k] = scale * weight[k] for `count` values; what four do not divide is written with values before it, read in time. */
// @ts-ignore: decorator
@inline
function scaleRow(out: usize, weight: usize, count: i32, scale: f32): void {
  const bytes = <usize>count << 2;
  if (count < 4) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, scale * load<f32>(weight + at));
    return;
  }
  const factor = f32x4.splat(scale);
  const end = out + bytes, endOfFours = out + (bytes & ~15), endOfSixteens = out + (bytes & ~63);
  const last = count & 3 ? f32x4.mul(factor, v128.load(weight + bytes - 16)) : f32x4.splat(0);
  while (out < endOfSixteens) {
    const a = f32x4.mul(factor, v128.load(weight)), b = f32x4.mul(factor, v128.load(weight, 16));
    const c = f32x4.mul(factor, v128.load(weight, 32)), d = f32x4.mul(factor, v128.load(weight, 48));
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    out += 64;
    weight += 64;
  }
  for (; out < endOfFours; out += 16, weight += 16) v128.store(out, f32x4.mul(factor, v128.load(weight)));
  if (count & 3) v128.store(end - 16, last);
}

/** Rows without any band; `scale` points at the first row's, `scaleStep` bytes to the next row's. */
function scaleRows(out: usize, weight: usize, rows: i32, columns: i32, scale: usize, scaleStep: usize): void {
  if (scaleStep == 0) return scaleRow(out, weight, rows * columns, load<f32>(scale));
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++, out += rowBytes, weight += rowBytes, scale += scaleStep) {
    scaleRow(out, weight, columns, load<f32>(scale));
  }
}

/**
 * Puts an output channel's kernels (channels, K, K) into the middle of `lines` (channels, K, 2w - 1), which hold -0 elsewhere: a
 * kernel row for any column j, cut at the partition's border, is read from there by beginning w - 1 - j values on.
 */
function fillLines(lines: usize, kernel: usize, rows: i32, w: i32, K: i32): void {
  const p = K >> 1;
  const firstV = max(0, p - w + 1), count = min(K, p + w) - firstV;
  const pitch = <usize>(2 * w - 1) << 2, kernelPitch = <usize>K << 2, bytes = <usize>count << 2;
  let to = lines + (<usize>(w - 1 - p + firstV) << 2);
  let from = kernel + (<usize>firstV << 2);
  for (let row = 0; row < rows; row++, to += pitch, from += kernelPitch) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
  }
}

/** Adds four values of a line to four of a row. */
// @ts-ignore: decorator
@inline
function addFour(to: usize, from: usize): void {
  v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
}

/** Adds four values and four more `second` bytes on, which may be some of the first four: all are read before any is written. */
// @ts-ignore: decorator
@inline
function addEight(to: usize, from: usize, second: usize): void {
  const a = f32x4.add(v128.load(to), v128.load(from)), b = f32x4.add(v128.load(to + second), v128.load(from + second));
  v128.store(to, a);
  v128.store(to + second, b);
}

/** Adds `count` values; what four do not divide is written with values before it, read in time. */
// @ts-ignore: decorator
@inline
function addRow(to: usize, from: usize, count: i32): void {
  const bytes = <usize>count << 2;
  if (count < 4) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
    return;
  }
  const end = to + bytes, endOfFours = to + (bytes & ~15);
  const last = count & 3 ? f32x4.add(v128.load(to + bytes - 16), v128.load(from + bytes - 16)) : f32x4.splat(0);
  for (; to < endOfFours; to += 16, from += 16) addFour(to, from);
  if (count & 3) v128.store(end - 16, last);
}

/** The band of one row, kernels 3 x 3, two or three of their rows in reach and four values of each: per input channel, `pitch` bytes from row to row. */
function addThrees(to: usize, from: usize, channels: i32, areaBytes: usize, pitch: usize, linePitch: usize, rows: i32): void {
  for (let c = 0; c < channels; c++, to += areaBytes, from += linePitch * 3) {
    addFour(to, from);
    addFour(to + pitch, from + linePitch);
    if (rows > 2) addFour(to + pitch * 2, from + linePitch * 2);
  }
}

/** The same for kernels 5 x 5, three to five rows and five to eight values of each. */
function addFives(to: usize, from: usize, channels: i32, areaBytes: usize, pitch: usize, linePitch: usize, rows: i32, second: usize): void {
  for (let c = 0; c < channels; c++, to += areaBytes, from += linePitch * 5) {
    addEight(to, from, second);
    addEight(to + pitch, from + linePitch, second);
    addEight(to + pitch * 2, from + linePitch * 2, second);
    if (rows > 3) addEight(to + pitch * 3, from + linePitch * 3, second);
    if (rows > 4) addEight(to + pitch * 4, from + linePitch * 4, second);
  }
}

/** The same for any kernels, rows and values. */
function addAny(
  to: usize, from: usize, channels: i32, areaBytes: usize, pitch: usize, linePitch: usize, rows: i32, count: i32, K: i32,
): void {
  for (let c = 0; c < channels; c++, to += areaBytes, from += linePitch * <usize>K) {
    for (let u = 0; u < rows; u++) addRow(to + pitch * <usize>u, from + linePitch * <usize>u, count);
  }
}

/** Adds the band to rows firstRow .. endRow - 1 of a channel; `out` points at the first of them. */
function addBands(out: usize, firstRow: i32, endRow: i32, lines: usize, channels: i32, h: i32, w: i32, K: i32): void {
  const p = K >> 1, count = min(w, (K + 3) & ~3);
  const pitch = <usize>w << 2, areaBytes = pitch * <usize>h, rowBytes = areaBytes * <usize>channels;
  const linePitch = <usize>(2 * w - 1) << 2;
  let i = firstRow / w, j = firstRow % w;
  for (let row = firstRow; row < endRow; row++, out += rowBytes) {
    const a = max(0, i - p), rows = min(h, i + p + 1) - a, b = max(0, min(j - p, w - count));
    const to = out + (<usize>(a * w + b) << 2);
    const from = lines + linePitch * <usize>(a - i + p) + (<usize>(w - 1 - j + b) << 2);
    if (K == 3 && rows > 1 && count == 4) addThrees(to, from, channels, areaBytes, pitch, linePitch, rows);
    else if (K == 5 && rows > 2 && count > 4) addFives(to, from, channels, areaBytes, pitch, linePitch, rows, <usize>(count - 4) << 2);
    else addAny(to, from, channels, areaBytes, pitch, linePitch, rows, count, K);
    if (++j < w) continue;
    j = 0;
    i++;
  }
}

/**
 * Rows first .. end - 1 of a channel: `ahead` rows are scaled before the band is added to the rows before them, which by then are
 * written, yet still in the first-level cache.
 */
function writeChannel(
  out: usize, weight: usize, first: i32, end: i32, scale: usize, scaleStep: usize,
  lines: usize, channels: i32, h: i32, w: i32, K: i32, ahead: i32,
): void {
  const columns = channels * h * w, rowBytes = <usize>columns << 2;
  let banded = out;
  for (let row = first, done = first; done < end; ) {
    const next = min(row + ahead, end), bytes = rowBytes * <usize>(next - row);
    scaleRows(out, weight, next - row, columns, scale, scaleStep);
    addBands(banded, done, row, lines, channels, h, w, K);
    banded = out;
    out += bytes;
    weight += bytes;
    scale += scaleStep * <usize>(next - row);
    done = row;
    row = next;
  }
}

/**
 * Rows row .. endRow - 1 of the matrix, channel after channel in one call; `out` and `weight` point at the first of them, `scales`
 * at the first factor of all (one per row, or one per channel if scaleStep is 0), `kernels` at the first kernel of all, or 0,
 * `lines` at (channels, K, 2w - 1) values of -0. They are filled with a channel's first row: rows come in order.
 */
export function writeRows(
  out: usize, weight: usize, row: i32, endRow: i32, scales: usize, scaleStep: usize,
  kernels: usize, lines: usize, channels: i32, h: i32, w: i32, K: i32, ahead: i32,
): void {
  const area = h * w;
  const rowBytes = <usize>(channels * area) << 2, kernelBytes = <usize>(channels * K * K) << 2;
  while (row < endRow) {
    const o = row / area;
    const first = row - o * area, end = min(endRow - o * area, area);
    const scale = scales + (<usize>(scaleStep == 0 ? o : row) << 2);
    if (kernels == 0) scaleRows(out, weight, end - first, channels * area, scale, scaleStep);
    else {
      if (first == 0) fillLines(lines, kernels + <usize>o * kernelBytes, channels * K, w, K);
      writeChannel(out, weight, first, end, scale, scaleStep, lines, channels, h, w, K, ahead);
    }
    const bytes = rowBytes * <usize>(end - first);
    out += bytes;
    weight += bytes;
    row += end - first;
  }
}
