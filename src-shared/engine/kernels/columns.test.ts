import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { moduleFor } from './bound';
import { sharedRowPasses } from './columns';
import type { Kernels } from './instance';
import { KERNELS_WASM } from './kernels.wasm';

const memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
const functions = new WebAssembly.Instance(moduleFor(memory, KERNELS_WASM), { env: { memory } }).exports as unknown as Kernels;
/** The kernels as if they had `threads` threads: the calls one after the other. */
const kernelsWith = (threads: number): Kernels => ({
  ...functions,
  threads,
  scratch: () => 65536,
  share: (work, calls) => calls.forEach((call) => functions[work](...call)),
});
const [X, ZERO, OUT] = [2 ** 22, 2 ** 19, 2 ** 20];

function sumsWith(threads: number, M: number, C: number): Float64Array {
  sharedRowPasses(kernelsWith(threads)).sums(X, M, C, OUT);
  return new Float64Array(memory.buffer, OUT, C).slice();
}

test.each([
  [65536, 16],
  [70001, 5],
  [1, 7],
  [17, 130],
])('sums over %i rows of %i channels do not depend on the number of threads', (M, C) => {
  new Float32Array(memory.buffer, X, M * C).set(normalArray(randomFrom(seed(1)), M * C, 1));
  for (const threads of [2, 3, 8]) expect(sumsWith(threads, M, C)).toEqual(sumsWith(1, M, C));
});

test('the mean and variance of 65536 rows are nearer to double precision than single float32 sums come', () => {
  const [M, C] = [65536, 16];
  const x = normalArray(randomFrom(seed(1)), M * C, 1).map((value) => value + 3);
  new Float32Array(memory.buffer, X, M * C).set(x);
  const column = x.filter((_, i) => i % C === 0);
  const mean = column.reduce((sum, value) => sum + value, 0) / M;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / M;
  const passes = sharedRowPasses(kernelsWith(2));
  const found = sumsWith(2, M, C)[0] / M;
  new Float32Array(memory.buffer, ZERO, C).fill(found);
  passes.products(X, X, ZERO, ZERO, M, C, OUT);
  const foundVariance = new Float64Array(memory.buffer, OUT, C)[0] / M;
  const naive = column.reduce((sum, value) => Math.fround(sum + value), 0) / M;
  // Blocks of 64 float32 additions, then doubles: about 1e-8; one float32 sum over all rows is off by some 1e-6.
  expect(Math.abs(found / mean - 1)).toBeLessThan(5e-8);
  expect(Math.abs(foundVariance / variance - 1)).toBeLessThan(2e-7);
  expect(Math.abs(naive / mean - 1)).toBeGreaterThan(5e-7);
});
