// Batch norm's sums as the WebAssembly computes them, without tfjs: whoever computes a chunk, and how exactly.
import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../../tensor/random';
import { kernelsOn, ranges } from '../instance';

const memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
const kernels = await kernelsOn(memory);
const [TABLE, GAMMA, MEAN, VARIANCE, SCALE, PARTIALS, X] = [
  2 ** 17,
  2 ** 18,
  2 ** 18 + 4096,
  2 ** 18 + 8192,
  2 ** 18 + 12288,
  2 ** 20,
  2 ** 22,
];
const CHUNKS = 16;

/** Mean and variance of x (M, C), the chunks computed in as many calls as there are threads. */
function momentsOf(x: Float32Array, M: number, C: number, threads: number): Float32Array[] {
  new Float32Array(memory.buffer, X, x.length).set(x);
  new Float32Array(memory.buffer, GAMMA, C).fill(1);
  new Int32Array(memory.buffer, TABLE, 14).set([X, GAMMA, 0, MEAN, VARIANCE, SCALE, 0, 0, PARTIALS, 0, 0, 0, C, 1]);
  const length = Math.ceil(M / CHUNKS);
  const chunks = Math.ceil(M / length);
  for (const range of ranges(chunks, threads, 1)) kernels.momentsOfBranches(TABLE, 1, M, length, ...range);
  kernels.finishMoments(TABLE, 0, chunks, M, 1e-5);
  return [MEAN, VARIANCE].map((at) => new Float32Array(memory.buffer, at, C).slice());
}

test.each([
  [65536, 16],
  [70001, 5],
  [1, 7],
  [17, 130],
  [300, 260],
])('moments of %i rows of %i channels do not depend on the number of threads', (M, C) => {
  const x = normalArray(randomFrom(seed(1)), M * C, 1);
  const alone = momentsOf(x, M, C, 1);
  for (const threads of [2, 3, 8]) expect(momentsOf(x, M, C, threads)).toEqual(alone);
});

test('the mean and variance of 65536 rows are nearer to double precision than single float32 sums come', () => {
  const [M, C] = [65536, 16];
  const x = normalArray(randomFrom(seed(1)), M * C, 1).map((value) => value + 3);
  const column = x.filter((_, i) => i % C === 0);
  const mean = column.reduce((sum, value) => sum + value, 0) / M;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / M;
  const [means, variances] = momentsOf(x, M, C, 2);
  const naive = column.reduce((sum, value) => Math.fround(sum + value), 0) / M;
  // Blocks of 64 float32 additions, then doubles, rounded to float32 at the end: 6e-8. One float32 sum over all rows is off by some 1e-6.
  expect(Math.abs(means[0] / mean - 1)).toBeLessThan(1e-7);
  expect(Math.abs(variances[0] / variance - 1)).toBeLessThan(3e-7);
  expect(Math.abs(naive / mean - 1)).toBeGreaterThan(5e-7);
});
