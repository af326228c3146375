import { expect, test } from 'vitest';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { seed } from '@shared/tensor/random';
import { UserError } from '@shared/base/user-error';
import { readEach } from '@shared/dataset/read-each';
import { survey, type Survey } from './survey';

/** Samples of one grey value, 2x2; those in `bad` cannot be read. */
function greys(values: readonly number[], bad: readonly number[] = []): SampleSource {
  const sample = (index: number): Sample => {
    if (bad.includes(index)) throw new UserError(`${index}.png: is a broken PNG picture`);
    return { pixels: new Uint8Array(4).fill(values[index]), height: 2, width: 2, channels: 1, label: index % 2 };
  };
  const about = { name: 'greys', task: 'classification', classes: ['even', 'odd'], mean: [0], deviation: [1] } as const;
  const image = { channels: 1, height: 2, width: 2 };
  return { ...about, count: values.length, image, read: async (indices) => Array.from(indices, sample) };
}

async function wholeSurvey(source: SampleSource): Promise<Survey> {
  const seen: Survey[] = [];
  await survey(source, source.count, (now) => seen.push(now) > 0);
  return seen[seen.length - 1];
}

test('class counts add up to the samples read, and the look ends when told to', async () => {
  const { train } = openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 100 });
  const { counts, done } = await wholeSurvey(train);
  expect([counts.reduce((sum, count) => sum + count, 0), done]).toEqual([100, 100]);
  let calls = 0;
  await survey(train, 100, () => ++calls < 1);
  expect(calls).toBe(1);
});

test('broken samples are listed with their files and leave the others as they are', async () => {
  const values = Array.from({ length: 50 }, (_, i) => (i < 25 ? 10 : 30));
  const { broken, counts, mean, done } = await wholeSurvey(greys(values, [3, 44]));
  expect(broken.map(({ index, reason }) => [index, reason])).toEqual([
    [3, '3.png: is a broken PNG picture'],
    [44, '44.png: is a broken PNG picture'],
  ]);
  expect([done, ...counts]).toEqual([50, 24, 24]);
  // 24 of value 10 and 24 of value 30.
  expect([...(mean?.rgba.subarray(0, 4) ?? [])]).toEqual([20, 20, 20, 255]);
});

test('scenes count pixels, and those that are ignored do not', async () => {
  const scene: Sample = { pixels: new Uint8Array(12), height: 2, width: 2, channels: 3, label: Uint8Array.of(0, 1, 1, 255) };
  const source: SampleSource = { ...greys([0]), task: 'segmentation', read: async (indices) => Array.from(indices, () => scene) };
  expect((await wholeSurvey(source)).counts).toEqual([1, 2]);
});

test('only what is wrong with the data counts as broken: a service that is gone ends the look', async () => {
  const gone: SampleSource = { ...greys([1, 2]), read: () => Promise.reject(new Error('fetch failed')) };
  await expect(readEach(gone, [0, 1])).rejects.toThrow('fetch failed');
});
