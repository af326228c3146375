import { expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { moduleFor } from './bound';
import { ranges, type KernelFunctions } from './instance';
import { KERNELS_WASM } from './kernels.wasm';
import { canShareMemory, Pool } from './pool';
import { withSharedMemory } from './shared-memory';

const [A, B, C, SCRATCH] = [65536, 131072, 262144, 524288];
const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
const module = moduleFor(memory, KERNELS_WASM);
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelFunctions;

/** Three products of (17, 33) and (33, 19), their rows cut into `parts`, as calls of the kernel. */
function products(parts: number): number[][] {
  const bytes = kernels.gemmScratch();
  return ranges(3 * 17, parts, 4).map(([first, last], i) => [
    A,
    33,
    0,
    561,
    B,
    19,
    0,
    627,
    C,
    17,
    19,
    33,
    first,
    last,
    SCRATCH + i * bytes,
  ]);
}

function outputs(): Float32Array {
  return new Float32Array(memory.buffer, C, 3 * 17 * 19).slice();
}

test('Node shares memory between threads', () => expect(canShareMemory()).toBe(true));

test.each([2, 3, 5])('%i threads compute the same bits as one, time after time', async (threads) => {
  const random = randomFrom(seed(1));
  new Float32Array(memory.buffer, A, 3 * 561).set(normalArray(random, 3 * 561, 1));
  new Float32Array(memory.buffer, B, 3 * 627).set(normalArray(random, 3 * 627, 1));
  kernels.gemmRows(...products(1)[0]);
  const expected = outputs();
  expect(expected.every((value) => value !== 0)).toBe(true);
  const pool = await Pool.start(kernels, module, memory, threads);
  for (let round = 0; round < 50; round++) {
    new Float32Array(memory.buffer, C, 3 * 17 * 19).fill(0);
    pool.run('gemmRows', products(threads));
    expect(outputs()).toEqual(expected);
  }
});

test('a call that fails on another thread fails here, instead of leaving its part unwritten', async () => {
  const pool = await Pool.start(kernels, module, memory, 2);
  const [mine, other] = products(2);
  other[8] = 0xffff0000;
  expect(() => pool.run('gemmRows', [mine, other])).toThrow('another thread');
});

test('a call that fails here is thrown when the other threads are done, not while they still write', async () => {
  const pool = await Pool.start(kernels, module, memory, 2);
  const [mine, other] = products(2);
  pool.run('gemmRows', [mine, other]);
  const expected = outputs().subarray(other[12] * 19);
  new Float32Array(memory.buffer, C, 3 * 17 * 19).fill(0);
  const broken = mine.with(8, 0xffff0000);
  expect(() => pool.run('gemmRows', [broken, other])).toThrow('out of bounds');
  expect(outputs().subarray(other[12] * 19)).toEqual(expected);
});

test.each([
  {
    count: 10,
    parts: 3,
    grain: 4,
    expected: [
      [0, 4],
      [4, 8],
      [8, 10],
    ],
  },
  {
    count: 3,
    parts: 8,
    grain: 1,
    expected: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  },
  { count: 5, parts: 1, grain: 4, expected: [[0, 5]] },
])('$count items in at most $parts parts of a multiple of $grain are $expected', ({ count, parts, grain, expected }) => {
  expect(ranges(count, parts, grain)).toEqual(expected);
}); // prettier-ignore

test('a binary without a memory of its own is refused', () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  expect(() => withSharedMemory(empty)).toThrow('no section 5');
});
