// Sums over the rows of float32 arrays: short stretches in float32, these added in double precision.

/** Rows summed in float32 before they are added to the float64 sums; few where the rows are long and would evict each other. */
// @ts-ignore: decorator
@inline
export function blockOf(C: i32): i32 {
  return C < 256 ? 64 : 8;
}

/** out (4 float64) += the four of s. */
// @ts-ignore: decorator
@inline
export function addDoubles(out: usize, s: v128): void {
  v128.store(out, f64x2.add(v128.load(out), f64x2.promote_low_f32x4(s)));
  v128.store(out, f64x2.add(v128.load(out, 16), f64x2.promote_low_f32x4(i32x4.shuffle(s, s, 2, 3, 2, 3))), 16);
}

/** out[c] += the sum over the rows of a (M, C). */
export function sums(a: usize, M: i32, C: i32, out: usize): void {
  const row = <usize>C << 2;
  const block = blockOf(C);
  for (let m = 0; m < M; m += block) {
    const rows = min(block, M - m);
    const start = a + <usize>m * row;
    let c: usize = 0;
    for (; c + 16 <= row; c += 16) {
      let s = f32x4.splat(0);
      let p = start + c;
      for (let i = 0; i < rows; i++, p += row) s = f32x4.add(s, v128.load(p));
      addDoubles(out + (c << 1), s);
    }
    for (; c < row; c += 4) {
      let s: f64 = 0;
      for (let i: usize = 0; i < <usize>rows; i++) s += <f64>load<f32>(start + c + i * row);
      store<f64>(out + (c << 1), load<f64>(out + (c << 1)) + s);
    }
  }
}
