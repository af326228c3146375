import { expect, test, vi } from 'vitest';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { moduleFor } from './bound';
import { Workers } from './workers';
import { kernelsOn, ranges } from './instance';
import { KERNELS_WASM, type KernelFunctions } from './kernels.wasm';
import { Pool } from './threads';
import { withSharedMemory } from './shared-memory';
import { canShareMemory } from './thread-host';

const [A, B, C, SCRATCH] = [65536, 131072, 262144, 524288];
const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
const module = moduleFor(memory, KERNELS_WASM);
const kernels: Readonly<Record<keyof KernelFunctions, (...values: number[]) => void>> = await kernelsOn(memory, module);
const { gemmScratch } = await kernelsOn(memory, module);

/** Three products of (17, 33) and (33, 19), their rows cut into `parts`, as calls of the kernel. */
function products(parts: number): number[][] {
  const bytes = gemmScratch();
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

/** Sleeps without ending the turn, so that the other threads come to their share first. */
function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The kernels, of which this thread's own ones take a while: what is offered meanwhile is taken. */
const slow: typeof kernels = {
  ...kernels,
  gemmRows: (...values) => {
    sleep(100);
    kernels.gemmRows(...values);
  },
};

const LONG = 400_000;

/** `share` of LONG values moved from 1 towards 3, in two calls: done once, or twice, they are something else. */
function movingCalls(share: number): number[][] {
  const [table, value, towards] = [65536, 1 << 20, 8 << 20];
  new Int32Array(memory.buffer, table, 6).set([value, towards, 0, 0, LONG, 0]);
  new Float32Array(memory.buffer, value, LONG).fill(1);
  new Float32Array(memory.buffer, towards, LONG).fill(3);
  return ranges(LONG, 2, 64).map((range) => [table, 1, ...range, 1 - share, share]);
}

test('a call is made once, however late a thread is told of the job it has found by itself', async () => {
  const pool = await Pool.start(kernels, module, memory, 2);
  const { notify } = Atomics;
  let isLate = false;
  const told = vi.spyOn(Atomics, 'notify').mockImplementation((...place) => {
    // The thread finds the job, does it and goes to sleep again before it is told.
    if (isLate) sleep(20);
    return notify(...place);
  });
  for (let round = 0; round < 20; round++) {
    const calls = movingCalls(0.5);
    isLate = false;
    // The thread is awake and looks for the next job.
    for (let i = 0; i < 20; i++)
      pool.run(
        'add',
        [A, B].map((at) => [at, at, C, 4]),
      );
    isLate = true;
    pool.run('blend', calls);
    // A thread that was woken for nothing would be at it now.
    sleep(20);
    expect(new Set(new Float32Array(memory.buffer, 1 << 20, LONG))).toEqual(new Set([2]));
  }
  told.mockRestore();
});

test('a call that fails on another thread fails here, with its own error and its place', async () => {
  const pool = await Pool.start(slow, module, memory, 2);
  const [mine, other] = products(2);
  const broken = other.with(8, 0xffff0000);
  expect(() => pool.run('gemmRows', [mine, broken])).toThrow(
    `the kernel gemmRows(${broken.join(', ')}) failed on thread 2 of 2: RuntimeError: memory access out of bounds`,
  );
  expect(() => pool.run('gemmRows', [broken, other])).toThrow('failed on thread 1 of 2: RuntimeError: memory access out of bounds');
});

test('after a failure all calls are made here, to the same bits, until there are other threads', async () => {
  const pool = await Pool.start(slow, module, memory, 2);
  const [mine, other] = products(2);
  pool.run('gemmRows', [mine, other]);
  const expected = outputs();
  for (let failures = 0; failures < 3; failures++) {
    expect(() => pool.run('gemmRows', [mine, other.with(8, 0xffff0000)])).toThrow('thread 2 of 2');
    new Float32Array(memory.buffer, C, 3 * 17 * 19).fill(0);
    pool.run('gemmRows', [mine, other]);
    expect(outputs()).toEqual(expected);
    await pool.ready;
  }
});

test('threads that fail again and again are given up, which is said, and all is computed here', async () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const pool = await Pool.start(slow, module, memory, 2);
  const [mine, other] = products(2);
  for (let failures = 0; failures < 9; failures++) {
    expect(() => pool.run('gemmRows', [mine, other.with(8, 0xffff0000)])).toThrow('thread 2 of 2');
    await pool.ready;
  }
  expect(said.mock.calls).toEqual([['computes on one thread instead of 2 from now on: the others failed too often']]);
  expect(() => pool.run('gemmRows', [mine, other.with(8, 0xffff0000)])).toThrow('thread 1 of 2');
  said.mockRestore();
});

test('a thread that does not answer any more is an error, not a wait without end', async () => {
  const workers = await Workers.start(module, memory, 1, () => undefined, 0);
  // Products that take it a while, found amid them: a thread that sleeps longer than they last is offered them again.
  for (let milliseconds = 1; ; milliseconds *= 2) {
    workers.offer('gemmRows', [[A, 0, 0, 0, B, 0, 0, 0, C, 40000, 8, 2000, 0, 40000, SCRATCH]]);
    sleep(milliseconds);
    if (!workers.takeBack(0)) break;
  }
  expect(workers.outcome(0)?.message).toBe('the thread does not answer');
  workers.end();
});

test('a call that fails here is thrown when no other thread writes any more', async () => {
  const pool = await Pool.start(kernels, module, memory, 2);
  const [mine, other] = products(2);
  new Float32Array(memory.buffer, C, 3 * 17 * 19).fill(0);
  expect(() => pool.run('gemmRows', [mine.with(8, 0xffff0000), other])).toThrow('out of bounds');
  const left = outputs();
  sleep(20);
  expect(outputs()).toEqual(left);
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
