import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DIGITS_CHECKSUM } from '@shared/dataset/digits';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import type { Sample } from '@shared/dataset/dataset';
import { seed } from '@shared/tensor/random';
import { createHash } from 'node:crypto';
import { packedDigits } from '../launcher/digits.mjs';
import { dataHashOf } from './data-hash';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const reference = { kind: 'embedded', name: 'digits', seed: seed(1) } as const;
const compact = packedDigits(modules);

/** Pixels of a class as the package has them: shares of 255. */
function packaged(digit: number): number[] {
  return (JSON.parse(readFileSync(`${modules}/mnist/src/digits/${digit}.json`, 'utf8')) as { data: number[] }).data;
}

async function everything(): Promise<Sample[]> {
  const { train, validation } = openEmbedded(reference, () => Promise.resolve(compact));
  const read = (source: typeof train): Promise<Sample[]> => source.read(Int32Array.from({ length: source.count }, (_, i) => i));
  return [...(await read(train)), ...(await read(validation))];
}

it('the compact file holds every picture of the package under its class, once, in under two megabytes', async () => {
  expect(compact.length).toBeLessThan(2e6);
  const all = await everything();
  for (const digit of [0, 5, 9]) {
    const given = all
      .filter(({ label }) => label === digit)
      .map(({ pixels }) => Buffer.from(pixels.filter((_, i) => i % 3 === 1)).toString('latin1'));
    const data = packaged(digit);
    const wanted = Array.from({ length: data.length / 784 }, (_, n) =>
      Buffer.from(data.slice(784 * n, 784 * (n + 1)).map((share) => Math.round(share * 255))).toString('latin1'),
    );
    expect(given.sort()).toEqual(wanted.sort());
  }
});

it('the stated mean and deviation are those of the pictures', async () => {
  let [sum, squares, values] = [0, 0, 0];
  for (const { pixels } of await everything())
    for (let i = 0; i < pixels.length; i += 3) [sum, squares, values] = [sum + pixels[i], squares + pixels[i] ** 2, values + 1];
  const { train } = openEmbedded(reference);
  const mean = sum / values / 255;
  expect(train.mean[0]).toBeCloseTo(mean, 4);
  expect(train.deviation[0]).toBeCloseTo(Math.sqrt(squares / values / 255 ** 2 - mean ** 2), 4);
});

it('the data hash of a run is that of the pixels and of what was asked for, whatever the drawn data sets become', async () => {
  const expected = createHash('sha256').update(`["${DIGITS_CHECKSUM}",{"kind":"embedded","name":"digits","seed":1}]`).digest('hex');
  expect(await dataHashOf(reference)).toBe(expected);
  expect(await dataHashOf({ ...reference, trainCount: 100 })).not.toBe(expected);
});
