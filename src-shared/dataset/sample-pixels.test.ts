import { expect, test } from 'vitest';
import type { Sample } from './dataset';
import { classColour, labelPixels, samplePixels } from './sample-pixels';

const sample = (channels: number, pixels: number[], label: Sample['label']): Sample => ({
  pixels: Uint8Array.from(pixels),
  height: 1,
  width: 2,
  channels,
  label,
});

test('one channel is shown as grey, three as colour, both opaque', () => {
  expect([...samplePixels(sample(1, [7, 200], 0))]).toEqual([7, 7, 7, 255, 200, 200, 200, 255]);
  expect([...samplePixels(sample(3, [1, 2, 3, 4, 5, 6], 0))]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
});

test('a class map is drawn for labels per pixel only; ignored pixels are transparent', () => {
  expect(labelPixels(sample(1, [0, 0], 3))).toBeNull();
  const rgba = labelPixels(sample(1, [0, 0], Uint8Array.of(0, 255)));
  expect([...(rgba ?? [])].filter((_, i) => i % 4 === 3)).toEqual([255, 0]);
});

test('the 19 classes of Cityscapes have a colour each', () => {
  expect(new Set(Array.from({ length: 19 }, (_, index) => classColour(index))).size).toBe(19);
});
