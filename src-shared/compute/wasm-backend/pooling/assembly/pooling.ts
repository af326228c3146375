// Max pooling's and average pooling's gradients on channels-last maps, four channels at a time.

/** Adds dy to the first largest value of one window: rows y0..y1-1, columns x0..x1-1 of a map with `W` columns of C channels. */
function spreadToMaximum(x: usize, dy: usize, dx: usize, W: i32, C: i32, y0: i32, y1: i32, x0: i32, x1: i32): void {
  const pixel = <usize>C << 2, row = <usize>W * pixel;
  const start = <usize>y0 * row + <usize>x0 * pixel;
  const width = <usize>(x1 - x0) * pixel, end = <usize>y1 * row;
  let c: usize = 0;
  for (; c + 16 <= pixel; c += 16) {
    let largest = v128.load(x + start + c);
    for (let line = start; line < end; line += row) {
      for (let at = line + c; at < line + width; at += pixel) {
        const value = v128.load(x + at);
        largest = v128.bitselect(value, largest, f32x4.gt(value, largest));
      }
    }
    const gradient = v128.load(dy + c);
    let open = i32x4.splat(-1);
    for (let line = start; line < end; line += row) {
      for (let at = line + c; at < line + width; at += pixel) {
        const hit = v128.and(open, f32x4.eq(v128.load(x + at), largest));
        v128.store(dx + at, f32x4.add(v128.load(dx + at), v128.and(gradient, hit)));
        open = v128.andnot(open, hit);
      }
    }
  }
  for (; c < pixel; c += 4) {
    let found = start + c;
    for (let line = start; line < end; line += row) {
      for (let at = line + c; at < line + width; at += pixel) if (load<f32>(x + at) > load<f32>(x + found)) found = at;
    }
    store<f32>(dx + found, load<f32>(dx + found) + load<f32>(dy + c));
  }
}

/**
 * dx (N, H, W, C): each dy (N, outH, outW, C) goes to the first largest value of its window, which starts at
 * (y * sh - top, x * sw - left) and is kh x kw, what lies outside the map left out; maps `first` to `last` - 1.
 */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, H: i32, W: i32, C: i32, outH: i32, outW: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32, first: i32, last: i32,
): void {
  const map = <usize>(H * W * C) << 2;
  for (let n = first; n < last; n++) {
    const skipped = <usize>n * map;
    memory.fill(dx + skipped, 0, map);
    for (let i = 0; i < outH; i++) {
      const y0 = max(0, i * sh - top), y1 = min(H, i * sh - top + kh);
      for (let j = 0; j < outW; j++) {
        const x0 = max(0, j * sw - left), x1 = min(W, j * sw - left + kw);
        const out = dy + (<usize>(((n * outH + i) * outW + j) * C) << 2);
        spreadToMaximum(x + skipped, out, dx + skipped, W, C, y0, y1, x0, x1);
      }
    }
  }
}

/** Adds dy * share to every pixel of a kh x kw window that starts at dx. */
function spreadEvenly(dy: usize, dx: usize, row: usize, C: i32, kh: i32, kw: i32, share: f32): void {
  const pixel = <usize>C << 2;
  for (let i = 0; i < kh; i++, dx += row) {
    for (let at = dx, end = dx + <usize>kw * pixel; at < end; at += pixel) {
      let c: usize = 0;
      for (; c + 16 <= pixel; c += 16) {
        v128.store(at + c, f32x4.add(v128.load(at + c), f32x4.mul(v128.load(dy + c), f32x4.splat(share))));
      }
      for (; c < pixel; c += 4) store<f32>(at + c, load<f32>(at + c) + load<f32>(dy + c) * share);
    }
  }
}

/** dx (N, H, W, C): each dy (N, outH, outW, C) spread evenly over its window, all windows inside the map; maps `first` to `last` - 1. */
export function averagePoolGradient(
  dy: usize, dx: usize, H: i32, W: i32, C: i32, outH: i32, outW: i32, kh: i32, kw: i32, sh: i32, sw: i32, first: i32, last: i32,
): void {
  const map = <usize>(H * W * C) << 2, row = <usize>(W * C) << 2;
  const share: f32 = <f32>1 / <f32>(kh * kw);
  for (let n = first; n < last; n++) {
    memory.fill(dx + <usize>n * map, 0, map);
    for (let i = 0; i < outH; i++) {
      for (let j = 0; j < outW; j++) {
        const to = dx + <usize>n * map + <usize>(i * sh) * row + (<usize>(j * sw * C) << 2);
        spreadEvenly(dy + (<usize>(((n * outH + i) * outW + j) * C) << 2), to, row, C, kh, kw, share);
      }
    }
  }
}
