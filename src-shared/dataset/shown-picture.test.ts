// The pictures that maps are laid on.
import { expect, test } from 'vitest';
import { seed } from '../tensor/random';
import { openEmbedded } from './embedded/embedded';
import { pictureOf } from './shown-picture';

const { train } = openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1) });

test('a sample is shown as it is', async () => {
  const [sample] = await train.read([3]);
  const { pixels, title } = await pictureOf(train, { sample: 3 });
  expect([...pixels.subarray(0, 4)]).toEqual([...sample.pixels.subarray(0, 3), 255]);
  expect(title).toContain('sample 3 of shapes');
});

test('the mean of a class is the mean of its samples alone', async () => {
  const all = await train.read(Array.from({ length: 400 }, (_, index) => index));
  const own = all.filter(({ label }) => label === 2);
  const { pixels, title } = await pictureOf(train, { classMean: 2 });
  const mean = own.reduce((sum, sample) => sum + sample.pixels[300], 0) / own.length;
  // Rounded to a byte.
  expect(Math.abs(pixels[400] - mean)).toBeLessThanOrEqual(0.5);
  expect(title).toContain(`mean of ${own.length} samples`);
});

test('a class or sample there is not is refused by name', async () => {
  await expect(pictureOf(train, { classMean: 10 })).rejects.toThrow('shapes/train has no class 10; they are numbered 0 to 9');
  await expect(pictureOf(train, { sample: 1e6 })).rejects.toThrow(/has no sample 1000000/);
});
