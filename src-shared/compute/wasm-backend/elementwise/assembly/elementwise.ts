// Element-wise operations of training on float32 values: sums, products, ReLU and its gradient, and sums
// over the middle axis of (outer, length, C). Vectors of four, then what is left one by one.
import { sums } from '../../assembly/column-sums';

/** y = a + b, n values. */
export function add(a: usize, b: usize, y: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) + load<f32>(b + i));
}

/** y = a * b, n values. */
export function multiply(a: usize, b: usize, y: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) * load<f32>(b + i));
}

/** y (outer, length, C) = a (outer, length, C) + b (outer, C). */
export function addToRows(a: usize, b: usize, y: usize, outer: i32, length: i32, C: i32): void {
  const row = <usize>C << 2;
  for (let o = 0; o < outer; o++, b += row) {
    for (let i = 0; i < length; i++, a += row, y += row) add(a, b, y, C);
  }
}

/** y (outer, length, C) = a (outer, length, C) * b (outer, C). */
export function multiplyRows(a: usize, b: usize, y: usize, outer: i32, length: i32, C: i32): void {
  const row = <usize>C << 2;
  for (let o = 0; o < outer; o++, b += row) {
    for (let i = 0; i < length; i++, a += row, y += row) multiply(a, b, y, C);
  }
}

/** y = the positive part of x, n values; NaN stays NaN. */
export function relu(x: usize, y: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.pmax(v128.load(x + i), f32x4.splat(0)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) < 0 ? 0 : load<f32>(x + i));
}

/** dx = dy where y > 0, n values. */
export function reluGradient(dy: usize, y: usize, dx: usize, n: i32): void {
  let i: usize = 0;
  const bytes = <usize>n << 2;
  for (; i + 16 <= bytes; i += 16) v128.store(dx + i, v128.and(v128.load(dy + i), f32x4.gt(v128.load(y + i), f32x4.splat(0))));
  for (; i < bytes; i += 4) store<f32>(dx + i, load<f32>(y + i) > 0 ? load<f32>(dy + i) : 0);
}

/** out (outer, C) = scale * the sums over the middle axis of a (outer, length, C); outer `first` to `last` - 1. `scratch`: C float64. */
export function sumOfRows(a: usize, out: usize, length: i32, C: i32, scale: f64, first: i32, last: i32, scratch: usize): void {
  for (let o = first; o < last; o++) {
    memory.fill(scratch, 0, <usize>C << 3);
    sums(a + (<usize>o * <usize>length * <usize>C << 2), length, C, scratch);
    const to = out + (<usize>o * <usize>C << 2);
    for (let c: usize = 0; c < <usize>C; c++) store<f32>(to + (c << 2), <f32>(load<f64>(scratch + (c << 3)) * scale));
  }
}
