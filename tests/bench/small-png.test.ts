import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { smallPng } from '../../bench/screenshots/small-png';

/** A picture whose columns go through `colours`. */
function striped(colours: readonly (readonly number[])[], width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, k) => colours[(Math.floor(k / 3) % width) % colours.length][k % 3]);
  return { width, height, channels: 3, data };
}

/** The colours that a decoder finds in the picture. */
function decoded(bytes: Uint8Array): number[][] {
  const { data, palette, width, height } = decode(bytes);
  expect(data.length).toBe(width * height);
  return [...data].map((index) => [...(palette?.[index] ?? [])]);
}

it('a picture of few colours comes back as it was, from a decoder that is not ours and checks its sums', () => {
  const colours = [
    [255, 0, 0],
    [0, 128, 255],
    [16, 16, 16],
  ];
  const picture = striped(colours, 7, 5);
  const pixels = decoded(smallPng(picture));
  expect(pixels.flat()).toEqual([...picture.data]);
});

it('of a picture of many colours each pixel stays near its own', () => {
  const picture = striped(
    Array.from({ length: 200 }, (_, k) => [k, 255 - k, (k * 7) % 256]),
    200,
    4,
  );
  const pixels = decoded(smallPng(picture, 64)).flat();
  const worst = Math.max(...pixels.map((value, k) => Math.abs(value - picture.data[k])));
  expect(worst).toBeLessThan(48);
  expect(new Set(decoded(smallPng(picture, 64)).map(String)).size).toBeLessThanOrEqual(64);
});

it('refuses more colours than a palette holds', () => {
  expect(() => smallPng(striped([[0, 0, 0]], 1, 1), 257)).toThrow('a palette holds 2 to 256 colours, got 257');
});
