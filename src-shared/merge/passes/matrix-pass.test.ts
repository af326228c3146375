import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { normalArray, randomFrom, seed } from '../../tensor/random';
import { compiledModule } from './assembly/build.mjs';
import type { Kernel } from '../mathematics/kernels';
import type { MatrixJob } from './matrix-job';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { writePlain } from './plain-pass';
import { isPadded } from './padded-band';
import { hasWasmPass, MergeArena } from './wasm-pass';

const random = randomFrom(seed(2));
const doubles = (count: number): Float64Array => Float64Array.from(normalArray(random, count, 1));

/** A job with random values; `statistics` scales. */
function jobOf(shape: FcShape, K: number | null, statistics: number): MatrixJob {
  const kernel: Kernel | null =
    (K && {
      O: shape.O,
      channels: shape.channels,
      K,
      weight: doubles(shape.O * shape.channels * K * K),
      bias: doubles(shape.O),
    }) ||
    null;
  const length = rowsOf(shape) * columnsOf(shape);
  return { weight: normalArray(random, length, 1), scale: doubles(statistics), kernel, shape, out: new Float32Array(length) };
}

/** Every way through the passes: no band, thin and dense ones, one channel and several, kernels larger than the partition in one direction or both, padded kernels too large, rows that end a block within a channel. */
const jobs: readonly (readonly [FcShape, number | null])[] = [
  [{ O: 3, channels: 2, h: 4, w: 5 }, null],
  [{ O: 3, channels: 2, h: 4, w: 5 }, 3],
  [{ O: 2, channels: 1, h: 23, w: 19 }, 3],
  [{ O: 1, channels: 2, h: 25, w: 21 }, 5],
  [{ O: 2, channels: 2, h: 2, w: 3 }, 7],
  [{ O: 16, channels: 8, h: 7, w: 7 }, 5],
  [{ O: 1, channels: 1, h: 30, w: 1 }, 5],
  [{ O: 2, channels: 3, h: 17, w: 23 }, 1],
  [{ O: 2, channels: 2, h: 3, w: 4 }, 5],
  [{ O: 2, channels: 2, h: 4, w: 3 }, 3],
  [{ O: 2, channels: 2, h: 6, w: 5 }, 5],
  [{ O: 2, channels: 3, h: 10, w: 10 }, 7],
  [{ O: 1, channels: 2, h: 13, w: 14 }, 9],
  [{ O: 1, channels: 1, h: 40, w: 40 }, 3],
  [{ O: 9, channels: 1, h: 8, w: 8 }, 3],
  [{ O: 5, channels: 40, h: 3, w: 4 }, 3],
  [{ O: 1, channels: 540, h: 3, w: 7 }, 5],
  [{ O: 1, channels: 1100, h: 5, w: 5 }, 5],
];

describe.each(jobs)('%j with K = %s', (shape, K) => {
  test.each([rowsOf(shape), shape.O])('WebAssembly writes bit for bit what plain code writes (%i statistics)', (statistics) => {
    const job = jobOf(shape, K, statistics);
    writePlain(job);
    const ways = [viaScratch(job), inArena(job, ['out']), inArena(job, ['weight']), inArena(job, ['weight', 'out'])];
    for (const written of ways) expect(firstDifference(written, job.out)).toBe(-1);
  });

  test('the weights are only read', () => {
    const job = jobOf(shape, K, shape.O);
    const before = job.weight.slice();
    viaScratch(job);
    writePlain(job);
    expect(firstDifference(job.weight as Float32Array, before as Float32Array)).toBe(-1);
  });
});

test('the jobs above take both ways in which plain code adds the band, and none', () => {
  const taken = jobs.map(([shape, K]) => K && isPadded({ K, channels: shape.channels }, shape));
  expect(new Set(taken)).toEqual(new Set([true, false, null]));
});

test('this host has WebAssembly SIMD', () => {
  expect(hasWasmPass()).toBe(true);
});

test('a job beyond the scratch memory is refused, for plain code to do', () => {
  expect(new MergeArena(0).write(jobOf({ O: 200, channels: 300, h: 1, w: 1 }, 5, 200))).toBe(false);
});

test('an arena refuses what does not fit, and gives out the same memory again after a reset', () => {
  const arena = new MergeArena(4096);
  const first = arena.allocate(512);
  expect(() => arena.allocate(2 ** 20)).toThrow(RangeError);
  arena.reset();
  expect(arena.allocate(512).byteOffset).toBe(first.byteOffset);
});

test('the committed WebAssembly is the compiled source', async () => {
  expect(readFileSync(new URL('./matrix-rows.wasm.ts', import.meta.url), 'utf8')).toBe(await compiledModule());
});

function viaScratch(job: MatrixJob): Float32Array {
  const out = new Float32Array(job.out.length);
  expect(new MergeArena(0).write({ ...job, out })).toBe(true);
  return out;
}

/** The result with weights, result or both in an arena. */
function inArena(job: MatrixJob, inside: readonly ('weight' | 'out')[]): Float32Array {
  const arena = new MergeArena(8 * job.out.length + 256);
  const [out, weight] = (['out', 'weight'] as const).map((name) =>
    inside.includes(name) ? arena.allocate(job.out.length) : new Float32Array(job.out.length),
  );
  weight.set(job.weight);
  expect(arena.write({ ...job, weight, out })).toBe(true);
  return out;
}

/** Index of the first value whose bits differ, -1 if none do. */
function firstDifference(a: Float32Array, b: Float32Array): number {
  const [p, q] = [bitsOf(a), bitsOf(b)];
  return p.findIndex((bits, index) => bits !== q[index]);
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
