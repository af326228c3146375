import { expect, test } from 'vitest';
import type { Sample, SampleSource } from '../../dataset/dataset';
import { inOrder } from './in-order';

/** Seven samples labelled by their place; those from `broken` on cannot be read. `asked` keeps what was read. */
function source(broken = 7): { source: SampleSource; asked: number[][] } {
  const asked: number[][] = [];
  const about = { name: 'seven', task: 'classification', count: 7, classes: ['a'], mean: [0.5], deviation: [1] } as const;
  const sample = (label: number): Sample => ({ pixels: Uint8Array.of(0), height: 1, width: 1, channels: 1, label });
  const read = (indices: ArrayLike<number>): Promise<Sample[]> => {
    asked.push(Array.from(indices));
    if (asked.at(-1)?.some((index) => index >= broken)) return Promise.reject(new Error('cannot be read'));
    return Promise.resolve(Array.from(indices, sample));
  };
  return { source: { ...about, image: { channels: 1, height: 1, width: 1 }, read }, asked };
}

test('all samples come once, in order, and the last portion may be smaller', async () => {
  const portions: unknown[] = [];
  for await (const { first, samples } of inOrder(source().source, 3)) portions.push([first, samples.map(({ label }) => label)]);
  expect(portions).toEqual([
    [0, [0, 1, 2]],
    [3, [3, 4, 5]],
    [6, [6]],
  ]);
});

test('the next portion is asked for before the last one is used, and no more than that', async () => {
  const { source: seven, asked } = source();
  for await (const { first } of inOrder(seven, 3)) {
    if (first === 0) expect(asked).toHaveLength(2);
    break;
  }
});

test('what cannot be read is thrown when its turn comes, after the portions before it', async () => {
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const { first } of inOrder(source(3).source, 3)) seen.push(first);
  };
  await expect(all()).rejects.toThrow('cannot be read');
  expect(seen).toEqual([0]);
});
