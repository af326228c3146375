import { expect, test } from 'vitest';
import { toFloatType } from '../tensor/convert';
import { floatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { entriesOfTensors, inFloatType, type FloatType } from './entries';
import { watchStorage } from './storage-warnings';

const values = (...list: number[]): Tensor => floatTensor([list.length], Float32Array.from(list));

/** The warnings after every tensor passed, as a writer makes it. */
async function warningsOf(weights: NamedTensors, dtype?: FloatType): Promise<string[]> {
  const watched = watchStorage(entriesOfTensors(weights), dtype);
  const written = dtype ? inFloatType(watched.entries, dtype) : watched.entries;
  for (const entry of written) await entry.load();
  return watched.warnings();
}

test('ordinary weights pass without a word, in every type', async () => {
  const weights = new Map([
    ['w', values(1, -2, 65504)],
    ['n', { shape: [1], dtype: 'int64', data: BigInt64Array.of(2n ** 40n) } satisfies Tensor],
  ]);
  for (const dtype of [undefined, 'float64', 'float32', 'bfloat16', 'float16'] as const)
    expect(await warningsOf(weights, dtype)).toEqual([]);
});

test('NaN and infinities are named', async () => {
  const weights = new Map([
    ['good', values(0)],
    ['nan', values(1, NaN, 2)],
    ['inf', values(-Infinity)],
    ['half', toFloatType(values(Infinity), 'float16')],
    ['brain', toFloatType(values(NaN), 'bfloat16')],
  ]);
  expect(await warningsOf(weights)).toEqual([expect.stringMatching(/^NaN or infinite values in nan, inf, half, brain:/)]);
});

test('what float16 turns into an infinity is named, and only that', async () => {
  // 65520 lies half-way between the largest float16, 65504, and the 65536 that is none: it rounds up.
  const weights = new Map([
    ['over', values(65520)],
    ['under', values(65519)],
    ['brain', toFloatType(values(-70000), 'bfloat16')],
  ]);
  expect(await warningsOf(weights, 'float16')).toEqual([expect.stringMatching(/^values in over, brain are too large for float16/)]);
  expect(await warningsOf(weights, 'bfloat16')).toEqual([]);
  const rounded = toFloatType(values(65519, 65520), 'float16').data;
  expect([...rounded].map((bits) => Number(bits) === 0x7c00)).toEqual([false, true]);
});

test('double values too large for float32 are named', async () => {
  const weights = new Map([['w', { shape: [1], dtype: 'float64', data: Float64Array.of(1e39) } satisfies Tensor]]);
  expect(await warningsOf(weights, 'float32')).toEqual([expect.stringMatching(/too large for float32/)]);
});
