// Float32 values brought to another place: runs as they are, squares of four turned.

/** to[k] = from[k] for `count` values. */
export function copyFloats(from: usize, to: usize, count: i32): void {
  let i: usize = 0;
  const bytes = <usize>count << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}

/** Four rows of four columns at `a`, transposed to `out`; strides in bytes. */
// @ts-ignore: decorator
@inline
export function transpose4(a: usize, row: usize, out: usize, column: usize): void {
  const r0 = v128.load(a);
  const r1 = v128.load(a + row);
  const r2 = v128.load(a + 2 * row);
  const r3 = v128.load(a + 3 * row);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(out + column, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(out + 2 * column, i64x2.shuffle(high01, high23, 0, 2));
  v128.store(out + 3 * column, i64x2.shuffle(high01, high23, 1, 3));
}
