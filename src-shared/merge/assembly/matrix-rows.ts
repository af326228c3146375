// WebAssembly SIMD form of ../plain-pass.ts: rows of out = scale * weight + band for one output channel.
// Same operations in the same order and precision: results are equal bit for bit. Every value is computed
// in double precision and rounded once. `node build.mjs` compiles this into ../matrix-rows.wasm.ts.
// Pointers are byte offsets; out and weight hold float32 and do not overlap, all else float64.

/** out[k] = scale * weight[k] for `count` values. */
// @ts-ignore: decorator
@inline
function scaleRow(out: usize, weight: usize, count: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  const end = out + (<usize>count << 2);
  const endOfEights = out + ((<usize>count >> 3) << 5);
  while (out < endOfEights) {
    const a = f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight)));
    const b = f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 8)));
    const c = f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 16)));
    const d = f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 24)));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(a), 0);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(b), 0, 8);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(c), 0, 16);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(d), 0, 24);
    out += 32;
    weight += 32;
  }
  while (out < end) {
    store<f32>(out, <f32>(scale * <f64>load<f32>(weight)));
    out += 4;
    weight += 4;
  }
}

/** out[k] = scale * weight[k] + band[k] for `count` values. */
// @ts-ignore: decorator
@inline
function scaleAndAddRow(out: usize, weight: usize, band: usize, count: i32, scale: f64): void {
  const factor = f64x2.splat(scale);
  const end = out + (<usize>count << 2);
  const endOfEights = out + ((<usize>count >> 3) << 5);
  while (out < endOfEights) {
    const a = f64x2.add(f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight))), v128.load(band));
    const b = f64x2.add(f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 8))), v128.load(band, 16));
    const c = f64x2.add(f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 16))), v128.load(band, 32));
    const d = f64x2.add(f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(weight, 24))), v128.load(band, 48));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(a), 0);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(b), 0, 8);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(c), 0, 16);
    v128.store64_lane(out, f32x4.demote_f64x2_zero(d), 0, 24);
    out += 32;
    weight += 32;
    band += 64;
  }
  while (out < end) {
    store<f32>(out, <f32>(scale * <f64>load<f32>(weight) + load<f64>(band)));
    out += 4;
    weight += 4;
    band += 8;
  }
}

/** Rows firstRow .. endRow - 1 without any band; `scale` points at the first row's, `scaleStep` bytes to the next row's. */
function scaleRows(out: usize, weight: usize, rows: i32, columns: i32, scale: usize, scaleStep: usize): void {
  const rowBytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++, out += rowBytes, weight += rowBytes, scale += scaleStep) {
    scaleRow(out, weight, columns, load<f64>(scale));
  }
}

/** Rows firstRow .. endRow - 1 of a channel with the band of `kernel` (channels, K, K) added run by run: for large partitions. */
function bandedRows(
  out: usize, weight: usize, firstRow: i32, endRow: i32, scale: usize, scaleStep: usize,
  kernel: usize, channels: i32, h: i32, w: i32, K: i32,
): void {
  const area = h * w;
  const columns = channels * area;
  const p = K >> 1;
  const rowBytes = <usize>columns << 2;
  for (let row = firstRow; row < endRow; row++, out += rowBytes, weight += rowBytes, scale += scaleStep) {
    const s = load<f64>(scale);
    scaleRow(out, weight, columns, s);
    const i = row / w, j = row % w;
    const firstU = max(0, p - i), endU = min(K, h + p - i);
    const firstV = max(0, p - j), endV = min(K, w + p - j);
    for (let c = 0; c < channels; c++) {
      for (let u = firstU; u < endU; u++) {
        let to = <usize>(c * area + (i + u - p) * w + j + firstV - p) << 2;
        let from = kernel + (<usize>((c * K + u) * K + firstV) << 3);
        for (let v = firstV; v < endV; v++, to += 4, from += 8) {
          store<f32>(out + to, <f32>(s * <f64>load<f32>(weight + to) + load<f64>(from)));
        }
      }
    }
  }
}

/** Writes the kernel (channels, K, K) of one output channel into the zeroed windows (w, channels, 2h - 1, w): see ../plain-pass.ts. */
function fillWindows(windows: usize, kernel: usize, channels: i32, h: i32, w: i32, K: i32): void {
  const p = K >> 1;
  const firstU = max(0, p - h + 1), endU = min(K, h + p);
  for (let j = 0; j < w; j++) {
    const firstV = max(0, p - j), endV = min(K, w + p - j);
    for (let c = 0; c < channels; c++) {
      for (let u = firstU; u < endU; u++) {
        let to = windows + (<usize>(((j * channels + c) * (2 * h - 1) + u + h - 1 - p) * w + j + firstV - p) << 3);
        let from = kernel + (<usize>((c * K + u) * K + firstV) << 3);
        for (let v = firstV; v < endV; v++, to += 8, from += 8) store<f64>(to, load<f64>(from));
      }
    }
  }
}

/**
 * Rows firstRow .. endRow - 1 of a channel with the band read from its windows: for small partitions, where the band is dense.
 * Per input channel the band lies in the map rows i - p .. i + p: only there, widened to eights, windows are read.
 */
function windowedRows(
  out: usize, weight: usize, firstRow: i32, endRow: i32, scale: usize, scaleStep: usize,
  windows: usize, channels: i32, h: i32, w: i32, K: i32,
): void {
  const area = h * w;
  const areaBytes = <usize>area << 2;
  const windowBytes = <usize>((2 * h - 1) * w) << 3;
  const p = K >> 1;
  for (let row = firstRow; row < endRow; row++, scale += scaleStep) {
    const i = row / w, j = row % w;
    const s = load<f64>(scale);
    const from = max(0, i - p) * w & ~7, to = min(area, (min(h, i + p + 1) * w + 7) & ~7);
    const offset = <usize>from << 2, end = <usize>to << 2;
    let band = windows + <usize>(j * channels) * windowBytes + (<usize>((h - 1 - i) * w + from) << 3);
    for (let c = 0; c < channels; c++, out += areaBytes, weight += areaBytes, band += windowBytes) {
      scaleRow(out, weight, from, s);
      scaleAndAddRow(out + offset, weight + offset, band, to - from, s);
      scaleRow(out + end, weight + end, area - to, s);
    }
  }
}

/**
 * Rows row .. endRow - 1 of the matrix, channel after channel in one call; `out` and `weight` point at the first of them, `scales`
 * at the first factor of all (one per row, or one per channel if scaleStep is 0), `kernels` at the first kernel of all.
 */
export function writeRows(
  out: usize, weight: usize, row: i32, endRow: i32, scales: usize, scaleStep: usize,
  kernels: usize, windows: usize, channels: i32, h: i32, w: i32, K: i32,
): void {
  const area = h * w;
  const rowBytes = <usize>(channels * area) << 2;
  const kernelBytes = <usize>(channels * K * K) << 3;
  while (row < endRow) {
    const o = row / area;
    const end = min(endRow, (o + 1) * area);
    const scale = scales + (<usize>(scaleStep == 0 ? o : row) << 3);
    const kernel = kernels + <usize>o * kernelBytes;
    if (kernels == 0) scaleRows(out, weight, end - row, channels * area, scale, scaleStep);
    else if (windows == 0) bandedRows(out, weight, row - o * area, end - o * area, scale, scaleStep, kernel, channels, h, w, K);
    else {
      fillWindows(windows, kernel, channels, h, w, K);
      windowedRows(out, weight, row - o * area, end - o * area, scale, scaleStep, windows, channels, h, w, K);
    }
    const bytes = rowBytes * <usize>(end - row);
    out += bytes;
    weight += bytes;
    row = end;
  }
}
