import { describe, expect, it } from 'vitest';
import { seed } from '../../tensor/random';
import { openEmbedded } from './embedded';
import { MOST_DRAWN } from '../reference-schema';
import { SHAPES_CLASSES, SHAPES_DEVIATION, SHAPES_MEAN, SHAPES_SIZE, drawShapes } from './shapes';

/** Mean absolute difference from each column to its cyclic neighbour, over pictures of one texture in the half of `first`. */
function profile(first: number): number[] {
  const sums = new Array<number>(SHAPES_SIZE).fill(0);
  const pictures = 1500;
  for (let i = 0; i < pictures; i++) {
    const { pixels } = drawShapes(seed(7), 'train', 10 * i + first + 1);
    for (let at = 0; at < pixels.length; at += 3) {
      const column = (at / 3) % SHAPES_SIZE;
      const next = column === SHAPES_SIZE - 1 ? at - 3 * column : at + 3;
      sums[column] += Math.abs(pixels[at] - pixels[next]);
    }
  }
  return sums.map((sum) => sum / (pictures * SHAPES_SIZE));
}

describe('the embedded ten-class images', () => {
  it('are a function of seed, split and index', () => {
    expect(drawShapes(seed(1), 'train', 3)).toEqual(drawShapes(seed(1), 'train', 3));
    const others = [drawShapes(seed(2), 'train', 3), drawShapes(seed(1), 'validation', 3), drawShapes(seed(1), 'train', 13)];
    for (const other of others) expect(other.pixels).not.toEqual(drawShapes(seed(1), 'train', 3).pixels);
  });

  it('are 32x32 RGB and have ten balanced classes', async () => {
    const { train } = openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 50 });
    const samples = await train.read(Int32Array.from({ length: 50 }, (_, i) => i));
    const counts = SHAPES_CLASSES.map((_, k) => samples.filter(({ label }) => label === k).length);
    expect(counts).toEqual(new Array(10).fill(5));
    for (const { pixels, height, width, channels } of samples) expect([pixels.length, height, width, channels]).toEqual([3072, 32, 32, 3]);
  });

  it('have the stated mean and deviation', () => {
    const samples = Array.from({ length: 2000 }, (_, i) => drawShapes(seed(5), 'train', i).pixels);
    for (let c = 0; c < 3; c++) {
      const values = samples.flatMap((pixels) => Array.from({ length: 64 }, (_, i) => pixels[i * 48 + c] / 255));
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
      // 2,000 pictures of random colours: the mean's standard error is about 0.003.
      expect(Math.abs(mean - SHAPES_MEAN[c])).toBeLessThan(0.015);
      expect(Math.abs(Math.sqrt(variance) - SHAPES_DEVIATION[c])).toBeLessThan(0.015);
    }
  });

  it("hold in the left half what they hold in the right one 16 columns on: without position the half is anybody's guess", () => {
    const [left, right] = [0, 5].map((label) => profile(label));
    // Mean change between neighbouring columns over 1,500 pictures: about 20, its standard error about 0.4.
    left.forEach((energy, column) => expect(Math.abs(energy - right[(column + SHAPES_SIZE / 2) % SHAPES_SIZE])).toBeLessThan(2));
    expect(left[8] - left[24]).toBeGreaterThan(5);
  });

  it('refuse a split without samples in one sentence', () => {
    for (const trainCount of [0, 1.5, MOST_DRAWN + 1])
      expect(() => openEmbedded({ kind: 'embedded', name: 'shapes', seed: seed(1), trainCount })).toThrow('at least 1 sample and at most');
  });
});
