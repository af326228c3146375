import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { seed } from '../tensor/random';
import { digitOf, stratifiedOrder } from './digits';
import { openEmbedded, type EmbeddedReference } from './embedded/embedded';

const reference = (options: object = {}): EmbeddedReference => ({ kind: 'embedded', name: 'digits', seed: seed(1), ...options });
const COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];

/** A compact file whose picture n has n in its first two pixels. */
function numbered(): Uint8Array {
  const bytes = new Uint8Array(40 + 10_000 * 784);
  const view = new DataView(bytes.buffer);
  COUNTS.forEach((count, digit) => view.setUint32(4 * digit, count));
  for (let n = 0; n < 10_000; n++) view.setUint16(40 + 784 * n, n);
  return gzipSync(bytes, { level: 1 });
}
const load = (): Promise<Uint8Array> => Promise.resolve(numbered());

it('training and validation share no picture, and every picture has its own class', async () => {
  const { train, validation } = openEmbedded(reference(), load);
  expect([train.count, validation.count]).toEqual([8000, 2000]);
  const numbers: number[] = [];
  for (const source of [train, validation])
    for (const { pixels, label } of await source.read(Int32Array.from({ length: source.count }, (_, i) => i))) {
      const n = pixels[0] * 256 + pixels[3];
      numbers.push(n);
      expect(label).toBe(digitOf(n));
    }
  expect(new Set(numbers).size).toBe(10_000);
  expect([digitOf(0), digitOf(1000), digitOf(1001), digitOf(9999)]).toEqual([0, 0, 1, 9]);
});

it('every beginning and end of the order has the classes in their shares, to within one picture', () => {
  const order = stratifiedOrder(seed(5));
  for (const length of [50, 777, 2000, 8000])
    for (const part of [order.slice(0, length), order.slice(-length)])
      COUNTS.forEach((count, digit) => {
        const share = part.filter((picture) => digitOf(picture) === digit).length;
        expect(Math.abs(share - (length * count) / 10_000)).toBeLessThanOrEqual(1);
      });
});

it('a split is the same for a seed whatever the other one takes, and another for another seed', async () => {
  const firsts = async (options: object): Promise<number[]> =>
    (await openEmbedded(reference(options), load).validation.read([0, 1, 2, 3])).map(({ pixels }) => pixels[0] * 256 + pixels[3]);
  expect(await firsts({ trainCount: 100, validationCount: 50 })).toEqual(await firsts({}));
  expect(await firsts({ seed: seed(2) })).not.toEqual(await firsts({}));
});

it('more pictures than there are, or none, are refused with the numbers', () => {
  for (const [options, asked] of [
    [{ trainCount: 9000, validationCount: 2000 }, '9000 and 2000'],
    [{ trainCount: 10_000 }, '10000 and 0'],
    [{ validationCount: 0 }, '8000 and 0'],
  ] as const)
    expect(() => openEmbedded(reference(options), load)).toThrow(
      `digits has 10000 pictures for training and validation together, at least 1 for each; asked for ${asked}`,
    );
  expect(openEmbedded(reference({ trainCount: 9000 }), load).validation.count).toBe(1000);
});

it('a file of another build is refused, and read anew once it is put right', async () => {
  let file: Uint8Array = gzipSync(new Uint8Array(50));
  const { train } = openEmbedded(reference(), () => Promise.resolve(file));
  await expect(train.read([0])).rejects.toThrow('not the one this program was built with');
  file = numbered();
  expect((await train.read([0]))[0].height).toBe(28);
});

it('where no file is at hand, what the digits are is known, and reading says what is missing', async () => {
  const { train, remarks } = openEmbedded(reference());
  expect([train.classes.length, remarks?.[0]]).toEqual([10, expect.stringContaining('MIT licence')]);
  await expect(train.read([0])).rejects.toThrow('cannot be read here');
});
