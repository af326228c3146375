// The column sums of batch norm over chunks of `rows` rows, so that threads can share them: each chunk has
// its own float64 sums, added afterwards in the chunks' order, whoever computed them.
import { products, sums } from '../../wasm/assembly/columns';

/** partials (chunks, C): sums of a (M, C) over each chunk from `first` to `last` - 1. */
export function sumsOfChunks(a: usize, M: i32, C: i32, partials: usize, rows: i32, first: i32, last: i32): void {
  for (let chunk = first; chunk < last; chunk++) {
    const at = <usize>(chunk * rows) * <usize>C << 2;
    sums(a + at, min(rows, M - chunk * rows), C, partials + (<usize>chunk * <usize>C << 3));
  }
}

/** partials (chunks, C): sums of (a - shiftA) * (b - shiftB) over each chunk from `first` to `last` - 1. */
export function productsOfChunks(
  a: usize, b: usize, shiftA: usize, shiftB: usize, M: i32, C: i32, partials: usize, rows: i32, first: i32, last: i32,
): void {
  for (let chunk = first; chunk < last; chunk++) {
    const at = <usize>(chunk * rows) * <usize>C << 2;
    products(a + at, b + at, shiftA, shiftB, min(rows, M - chunk * rows), C, partials + (<usize>chunk * <usize>C << 3));
  }
}

/** out (C) = the sum of partials (chunks, C). */
export function addChunks(partials: usize, chunks: i32, C: i32, out: usize): void {
  for (let c: usize = 0; c < <usize>C << 3; c += 8) {
    let sum: f64 = 0;
    for (let chunk = 0; chunk < chunks; chunk++) sum += load<f64>(partials + (<usize>chunk * <usize>C << 3) + c);
    store<f64>(out + c, sum);
  }
}
