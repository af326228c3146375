// The pictures under position maps.
import { expect, test } from 'vitest';
import { openEmbedded } from '@shared/dataset/embedded';
import { seed } from '@shared/tensor/random';
import { shownImage } from './image';

const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;

test('a sample is shown as it is', async () => {
  const [sample] = await openEmbedded(dataset).train.read([3]);
  const { pixels, title } = await shownImage({ kind: 'image', dataset, of: { sample: 3 } });
  expect([...pixels.subarray(0, 4)]).toEqual([...sample.pixels.subarray(0, 3), 255]);
  expect(title).toContain('sample 3 of shapes');
});

test('the mean of a class is the mean of its samples alone', async () => {
  const { train } = openEmbedded(dataset);
  const all = await train.read(Array.from({ length: 400 }, (_, index) => index));
  const own = all.filter(({ label }) => label === 2);
  const { pixels, title } = await shownImage({ kind: 'image', dataset, of: { classMean: 2 } });
  const mean = own.reduce((sum, sample) => sum + sample.pixels[300], 0) / own.length;
  // Rounded to a byte.
  expect(Math.abs(pixels[400] - mean)).toBeLessThanOrEqual(0.5);
  expect(title).toContain(`mean of ${own.length} samples`);
});
