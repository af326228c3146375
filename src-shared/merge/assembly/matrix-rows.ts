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

/** out[k] += band[k] for `count` values, in the same way. */
// @ts-ignore: decorator
@inline
function addRow(out: usize, band: usize, count: i32): void {
  const bytes = <usize>count << 2;
  if (count < 4) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, load<f32>(out + at) + load<f32>(band + at));
    return;
  }
  const end = out + bytes, endOfFours = out + (bytes & ~15);
  const last = count & 3 ? f32x4.add(v128.load(out + bytes - 16), v128.load(band + bytes - 16)) : f32x4.splat(0);
  for (; out < endOfFours; out += 16, band += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(band)));
  if (count & 3) v128.store(end - 16, last);
}

/** Four values of scale * weight + band. */
// @ts-ignore: decorator
@inline
function banded(factor: v128, weight: usize, band: usize): v128 {
  return f32x4.add(f32x4.mul(factor, v128.load(weight)), v128.load(band));
}

/** out[k] = scale * weight[k] + band[k] for `count` values, in the same way. */
// @ts-ignore: decorator
@inline
function scaleAndAddRow(out: usize, weight: usize, band: usize, count: i32, scale: f32): void {
  const bytes = <usize>count << 2;
  if (count < 4) {
    for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, scale * load<f32>(weight + at) + load<f32>(band + at));
    return;
  }
  const factor = f32x4.splat(scale);
  const end = out + bytes, endOfFours = out + (bytes & ~15), endOfSixteens = out + (bytes & ~63);
  const last = count & 3 ? banded(factor, weight + bytes - 16, band + bytes - 16) : f32x4.splat(0);
  while (out < endOfSixteens) {
    const a = banded(factor, weight, band), b = banded(factor, weight + 16, band + 16);
    const c = banded(factor, weight + 32, band + 32), d = banded(factor, weight + 48, band + 48);
    v128.store(out, a);
    v128.store(out, b, 16);
    v128.store(out, c, 32);
    v128.store(out, d, 48);
    out += 64;
    weight += 64;
    band += 64;
  }
  for (; out < endOfFours; out += 16, weight += 16, band += 16) v128.store(out, banded(factor, weight, band));
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

/** Adds `kernel` (channels, K, K) to rows firstRow .. endRow - 1 of its channel, run by run: for strips that would be too large. */
function addBand(out: usize, firstRow: i32, endRow: i32, kernel: usize, channels: i32, h: i32, w: i32, K: i32): void {
  const area = h * w;
  const p = K >> 1;
  const rowBytes = <usize>(channels * area) << 2;
  for (let row = firstRow; row < endRow; row++, out += rowBytes) {
    const i = row / w, j = row % w;
    const firstU = max(0, p - i), endU = min(K, h + p - i);
    const firstV = max(0, p - j), endV = min(K, w + p - j);
    for (let c = 0; c < channels; c++) {
      for (let u = firstU; u < endU; u++) {
        let to = out + (<usize>(c * area + (i + u - p) * w + j + firstV - p) << 2);
        let from = kernel + (<usize>((c * K + u) * K + firstV) << 2);
        for (let v = firstV; v < endV; v++, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
      }
    }
  }
}

/** Copies `count` values, the last four at once with what came before. */
// @ts-ignore: decorator
@inline
function copyRow(to: usize, from: usize, count: i32): void {
  if (count < 4) {
    for (let at: usize = 0, bytes = <usize>count << 2; at < bytes; at += 4) store<f32>(to + at, load<f32>(from + at));
    return;
  }
  const end = (<usize>count << 2) - 16;
  for (let at: usize = 0; at < end; at += 16) v128.store(to + at, v128.load(from + at));
  v128.store(to + end, v128.load(from + end));
}

/**
 * Fills the strips (w, channels, K, w) of one output channel from its kernel (channels, K, K): see ../matrix-job.ts. The kernel
 * rows are put in the middle of `lines` (channels, K, 2w - 1), which hold -0 elsewhere; for j they are read from w - 1 - j on.
 */
function fillStrips(strips: usize, lines: usize, kernel: usize, channels: i32, w: i32, K: i32): void {
  const p = K >> 1;
  const firstV = max(0, p - w + 1), count = min(K, p + w) - firstV;
  const rowBytes = <usize>w << 2, lineBytes = <usize>(2 * w - 1) << 2, kernelBytes = <usize>K << 2;
  let to = lines + (<usize>(w - 1 - p + firstV) << 2);
  let from = kernel + (<usize>firstV << 2);
  for (let row = 0; row < channels * K; row++, to += lineBytes, from += kernelBytes) copyRow(to, from, count);
  to = strips;
  for (let j = 0; j < w; j++) {
    from = lines + (<usize>(w - 1 - j) << 2);
    for (let row = 0; row < channels * K; row++, to += rowBytes, from += lineBytes) copyRow(to, from, w);
  }
}

/** One row of a single input channel: scaled from end to end, then the band added to what is still in the cache. */
// @ts-ignore: decorator
@inline
function plainRow(out: usize, weight: usize, area: i32, band: usize, before: i32, count: i32, scale: f32): void {
  scaleRow(out, weight, area, scale);
  addRow(out + (<usize>before << 2), band, count);
}

/** One row of several input channels, each before, within and after the band in one go: misaligned values are not read again. */
// @ts-ignore: decorator
@inline
function channelsRow(
  out: usize, weight: usize, area: i32, band: usize, before: i32, count: i32, scale: f32, channels: i32, stripBytes: usize,
): void {
  const areaBytes = <usize>area << 2, from = <usize>before << 2, to = <usize>(before + count) << 2;
  for (let c = 0; c < channels; c++, out += areaBytes, weight += areaBytes, band += stripBytes) {
    scaleRow(out, weight, before, scale);
    scaleAndAddRow(out + from, weight + from, band, count, scale);
    scaleRow(out + to, weight + to, area - before - count, scale);
  }
}

/** Rows firstRow .. endRow - 1 of a channel, the band read from its strips. */
function bandedRows(
  out: usize, weight: usize, firstRow: i32, endRow: i32, scale: usize, scaleStep: usize,
  strips: usize, channels: i32, h: i32, w: i32, K: i32,
): void {
  const area = h * w;
  const p = K >> 1;
  const rowBytes = <usize>(channels * area) << 2, stripBytes = <usize>(K * w) << 2;
  let i = firstRow / w, j = firstRow % w;
  for (let row = firstRow; row < endRow; row++, out += rowBytes, weight += rowBytes, scale += scaleStep) {
    const firstU = max(0, p - i), count = (min(K, h + p - i) - firstU) * w, before = max(0, i - p) * w;
    const band = strips + <usize>(j * channels) * stripBytes + (<usize>(firstU * w) << 2);
    if (channels == 1) plainRow(out, weight, area, band, before, count, load<f32>(scale));
    else channelsRow(out, weight, area, band, before, count, load<f32>(scale), channels, stripBytes);
    if (++j < w) continue;
    j = 0;
    i++;
  }
}

/**
 * Rows row .. endRow - 1 of the matrix, channel after channel in one call; `out` and `weight` point at the first of them, `scales`
 * at the first factor of all (one per row, or one per channel if scaleStep is 0), `kernels` at the first kernel of all, `lines` at
 * (channels, K, 2w - 1) values of -0, the strips behind them. They are filled with a channel's first row: rows come in order.
 */
export function writeRows(
  out: usize, weight: usize, row: i32, endRow: i32, scales: usize, scaleStep: usize,
  kernels: usize, lines: usize, channels: i32, h: i32, w: i32, K: i32,
): void {
  const area = h * w;
  const rowBytes = <usize>(channels * area) << 2;
  const kernelBytes = <usize>(channels * K * K) << 2;
  while (row < endRow) {
    const o = row / area;
    const first = row - o * area, end = min(endRow - o * area, area);
    const scale = scales + (<usize>(scaleStep == 0 ? o : row) << 2);
    const kernel = kernels + <usize>o * kernelBytes;
    if (lines == 0) {
      scaleRows(out, weight, end - first, channels * area, scale, scaleStep);
      if (kernels != 0) addBand(out, first, end, kernel, channels, h, w, K);
    } else {
      const strips = lines + (<usize>(channels * K * (2 * w - 1)) << 2);
      if (first == 0) fillStrips(strips, lines, kernel, channels, w, K);
      bandedRows(out, weight, first, end, scale, scaleStep, strips, channels, h, w, K);
    }
    const bytes = rowBytes * <usize>(end - first);
    out += bytes;
    weight += bytes;
    row += end - first;
  }
}
