// Exact GELU, x * Phi(x), and its gradient Phi(x) + x * phi(x). Phi's tail is Abramowitz and Stegun's 7.1.26,
// as tfjs's error function has it on every backend: off by 1.5e-7 at most.

/** exp of four values of 0 or less: 2^n times exp's series on [-ln 2 / 2, ln 2 / 2]. */
// @ts-ignore: decorator
@inline
function expOf(x: v128): v128 {
  // Below, float32 has no normal numbers; n ends at -126.
  const bounded = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504)));
  // ln 2 in two parts: n times the first is exact.
  const coarse = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.add(coarse, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let sum = f32x4.splat(1.0 / 5040);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 720));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 120));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 24));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1.0 / 6));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(sum, power);
}

/** Phi of four x, given bell = exp(-x^2 / 2). */
// @ts-ignore: decorator
@inline
function shareBelow(x: v128, bell: v128): v128 {
  const a = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678));
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(a, f32x4.splat(0.3275911))));
  let sum = f32x4.splat(1.061405429);
  sum = f32x4.add(f32x4.mul(sum, t), f32x4.splat(-1.453152027));
  sum = f32x4.add(f32x4.mul(sum, t), f32x4.splat(1.421413741));
  sum = f32x4.add(f32x4.mul(sum, t), f32x4.splat(-0.284496736));
  sum = f32x4.add(f32x4.mul(sum, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(f32x4.mul(sum, t), bell), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function bellOf(x: v128): v128 {
  return expOf(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5)));
}

// @ts-ignore: decorator
@inline
function geluOf(x: v128): v128 {
  return f32x4.mul(x, shareBelow(x, bellOf(x)));
}

// @ts-ignore: decorator
@inline
function slopeOf(x: v128): v128 {
  const bell = bellOf(x);
  return f32x4.add(shareBelow(x, bell), f32x4.mul(f32x4.mul(x, bell), f32x4.splat(0.39894228)));
}

/** y = GELU of x, n values. */
export function gelu(x: usize, y: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, geluOf(v128.load(x + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, f32x4.extract_lane(geluOf(v128.load32_splat(x + i)), 0));
}

/** dx = dy times GELU's slope at x, n values. */
export function geluGradient(dy: usize, x: usize, dx: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(dx + i, f32x4.mul(v128.load(dy + i), slopeOf(v128.load(x + i))));
  for (; i < bytes; i += 4) store<f32>(dx + i, load<f32>(dy + i) * f32x4.extract_lane(slopeOf(v128.load32_splat(x + i)), 0));
}
