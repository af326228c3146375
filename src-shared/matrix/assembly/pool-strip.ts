// WebAssembly SIMD form of pooling one strip of whole 8 x 8 blocks. `node build.mjs` compiles this into
// ../pool-strip.wasm.ts. Sums are taken in double precision; a NaN in a block makes its extremes NaN.
// Pointers are byte offsets; cells, low and high hold float32, sums float64.

/** The smallest lane. */
// @ts-ignore: decorator
@inline
function smallest(lanes: v128): f32 {
  const pairs = f32x4.min(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.min(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** The largest lane. */
// @ts-ignore: decorator
@inline
function largest(lanes: v128): f32 {
  const pairs = f32x4.max(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.max(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2)), 0);
}

/** Pools `blocks` blocks of 8 columns and `height` rows; the rows of `cells` are `stride` bytes apart. */
export function poolStrip(cells: usize, stride: usize, height: i32, blocks: i32, sums: usize, low: usize, high: usize): void {
  for (let block = 0; block < blocks; block++) {
    let at = cells + (<usize>block << 5);
    let min = v128.load(at);
    let max = min;
    let even = f64x2.splat(0);
    let odd = f64x2.splat(0);
    for (let row = 0; row < height; row++) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      min = f32x4.min(min, f32x4.min(a, b));
      max = f32x4.max(max, f32x4.max(a, b));
      even = f64x2.add(even, f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
      const upperA = i32x4.shuffle(a, a, 2, 3, 2, 3);
      const upperB = i32x4.shuffle(b, b, 2, 3, 2, 3);
      odd = f64x2.add(odd, f64x2.add(f64x2.promote_low_f32x4(upperA), f64x2.promote_low_f32x4(upperB)));
      at += stride;
    }
    const sum = f64x2.add(even, odd);
    store<f64>(sums + (<usize>block << 3), f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    store<f32>(low + (<usize>block << 2), smallest(min));
    store<f32>(high + (<usize>block << 2), largest(max));
  }
}
