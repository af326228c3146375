// Permuting the axes of an array of 4-byte elements: blocks of two axes, copied where both layouts have the
// same last axis, turned in squares of four where they have not, under any outer axes.
import { copyFloats, transpose4 } from '../../assembly/copying';

/** Axes of a permutation, 10 integers in memory: three outer axes (size, input stride, output stride), all in elements. */
// @ts-ignore: decorator
@unmanaged
export class Outer {
  size0: i32; in0: i32; out0: i32;
  size1: i32; in1: i32; out1: i32;
  size2: i32; in2: i32; out2: i32;
}

/** out (C, R), rows `outRow` bytes apart, = the transpose of a (R, C), rows `row` apart; eight rows at a time: more would evict each other. */
function transposeBlock(a: usize, row: usize, out: usize, outRow: usize, R: i32, C: i32): void {
  let r = 0;
  for (; r + 4 <= R; r += 4, a += 4 * row, out += 16) {
    let c = 0;
    for (; c + 4 <= C; c += 4) transpose4(a + (<usize>c << 2), row, out + <usize>c * outRow, outRow);
    for (; c < C; c++) {
      for (let i: usize = 0; i < 4; i++) store<f32>(out + <usize>c * outRow + (i << 2), load<f32>(a + i * row + (<usize>c << 2)));
    }
  }
  for (; r < R; r++, a += row, out += 4) {
    for (let c: usize = 0; c < <usize>C; c++) store<f32>(out + c * outRow, load<f32>(a + (c << 2)));
  }
}

/** out (R, C), rows `outRow` bytes apart, = a (R, C), rows `row` apart. */
function copyBlock(a: usize, row: usize, out: usize, outRow: usize, R: i32, C: i32): void {
  for (let r = 0; r < R; r++, a += row, out += outRow) copyFloats(a, out, C);
}

/**
 * Blocks `first` to `last` - 1, counted over the outer axes. Within one, R rows of C elements, `row` elements apart in the input;
 * `outRow` is between the output's rows, which are the columns where `turned`.
 */
export function permute(
  outer: Outer, a: usize, out: usize, R: i32, C: i32, row: i32, outRow: i32, turned: bool, first: i32, last: i32,
): void {
  for (let block = first; block < last; block++) {
    const i2 = block % outer.size2, rest = block / outer.size2;
    const i1 = rest % outer.size1, i0 = rest / outer.size1;
    const from = a + (<usize>(i0 * outer.in0 + i1 * outer.in1 + i2 * outer.in2) << 2);
    const to = out + (<usize>(i0 * outer.out0 + i1 * outer.out1 + i2 * outer.out2) << 2);
    if (turned) transposeBlock(from, <usize>row << 2, to, <usize>outRow << 2, R, C);
    else copyBlock(from, <usize>row << 2, to, <usize>outRow << 2, R, C);
  }
}
