// Gradient of max pooling on channels-last maps.

/**
 * dx (N, H, W, C), zeros before: each dy (N, outH, outW, C) is added to the first largest value of its window, which starts at
 * (y * sh - top, x * sw - left) and is kh x kw, what lies outside the map left out; maps `first` to `last` - 1.
 */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, H: i32, W: i32, C: i32, outH: i32, outW: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32, first: i32, last: i32,
): void {
  for (let n = first; n < last; n++) {
    for (let i = 0; i < outH; i++) {
      const y0 = max(0, i * sh - top), y1 = min(H, i * sh - top + kh);
      for (let j = 0; j < outW; j++) {
        const x0 = max(0, j * sw - left), x1 = min(W, j * sw - left + kw);
        const out = dy + (<usize>(((n * outH + i) * outW + j) * C) << 2);
        for (let c = 0; c < C; c++) {
          let at = ((n * H + y0) * W + x0) * C + c;
          let largest = load<f32>(x + (<usize>at << 2));
          for (let y = y0; y < y1; y++) {
            for (let z = x0; z < x1; z++) {
              const candidate = ((n * H + y) * W + z) * C + c;
              const value = load<f32>(x + (<usize>candidate << 2));
              if (value > largest) {
                largest = value;
                at = candidate;
              }
            }
          }
          const to = dx + (<usize>at << 2);
          store<f32>(to, load<f32>(to) + load<f32>(out + (<usize>c << 2)));
        }
      }
    }
  }
}
