import { describe, expect, it } from 'vitest';
import type { Sample, SampleSource } from '../../dataset/dataset';
import { evaluateSource } from './evaluate';
import { slidingAnswer, windowStarts, type PredictWindows } from './sliding';

describe('windows', () => {
  it('are two thirds of their length apart, rounded up, and the last one ends at the border', () => {
    expect(windowStarts(10, 4)).toEqual([0, 3, 6]);
    expect(windowStarts(11, 4)).toEqual([0, 3, 6, 7]);
    expect(windowStarts(4, 4)).toEqual([0]);
  });

  it('are those of the official PSPNet code for Cityscapes: 1024x2048 in crops of 713', () => {
    expect(windowStarts(1024, 713)).toEqual([0, 311]);
    expect(windowStarts(2048, 713)).toEqual([0, 476, 952, 1335]);
  });
});

/** Two classes; the second one's score is what `score` says of a window's value at a place of the window. */
function predictor(score: (value: number, y: number, x: number) => number): PredictWindows {
  return (windows, [count, , height, width]) => {
    const plane = height * width;
    const output = new Float32Array(count * 2 * plane);
    for (let i = 0; i < windows.length; i++) {
      const [n, at] = [Math.floor(i / plane), i % plane];
      output[(2 * n + 1) * plane + at] = score(windows[i], Math.floor(at / width), at % width);
    }
    return Promise.resolve(output);
  };
}

const probabilities = (logs: Float32Array): number[] => Array.from(logs, (log) => Math.exp(log));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('probabilities', () => {
  it('are averaged over the windows that see a pixel', async () => {
    // One row of 5 pixels in windows of 3 from 0 and 2: the middle pixel is the last of the first and the first of the second.
    const picture = { channels: 1, height: 1, width: 5, values: new Float32Array(5) };
    const answer = await slidingAnswer(
      picture,
      { height: 1, width: 3 },
      8,
      predictor((_, __, x) => x),
    );
    const expected = [sigmoid(0), sigmoid(1), (sigmoid(2) + sigmoid(0)) / 2, sigmoid(1), sigmoid(2)];
    // Sums and logarithms in float32.
    probabilities(answer.subarray(5)).forEach((p, i) => expect(p).toBeCloseTo(expected[i], 6));
    probabilities(answer.subarray(0, 5)).forEach((p, i) => expect(p).toBeCloseTo(1 - expected[i], 6));
  });

  it('do not depend on how many windows are predicted at once', async () => {
    const values = Float32Array.from({ length: 9 * 7 }, (_, i) => Math.sin(i));
    const picture = { channels: 1, height: 9, width: 7, values };
    const predict = predictor((value, y, x) => value * (y + 1) - x);
    const [one, many] = await Promise.all([1, 100].map((atOnce) => slidingAnswer(picture, { height: 4, width: 4 }, atOnce, predict)));
    expect(one).toEqual(many);
  });

  it('of a picture smaller than the window come from the picture amid the mean (zero after normalisation)', async () => {
    const seen: number[][] = [];
    const watching: PredictWindows = (windows, shape) => {
      seen.push([...windows]);
      return predictor((value) => value)(windows, shape);
    };
    const answer = await slidingAnswer(
      { channels: 1, height: 1, width: 2, values: Float32Array.of(3, 4) },
      { height: 3, width: 3 },
      8,
      watching,
    );
    expect(seen).toEqual([[0, 0, 0, 3, 4, 0, 0, 0, 0]]);
    probabilities(answer.subarray(2)).forEach((p, i) => expect(p).toBeCloseTo(sigmoid(3 + i), 6));
  });

  it('that vanish in float32 still have a logarithm', async () => {
    const picture = { channels: 1, height: 1, width: 1, values: Float32Array.of(1) };
    const answer = await slidingAnswer(
      picture,
      { height: 1, width: 1 },
      1,
      predictor(() => 1000),
    );
    expect(answer.every((log) => Number.isFinite(log))).toBe(true);
  });
});

describe('scenes larger than the network', () => {
  // Stripes one pixel wide: resized to half, as a whole, they are grey; at their own size every pixel is told apart.
  const width = 12;
  const pixels = Uint8Array.from({ length: width * 6 }, (_, i) => (i % 2 === 0 ? 0 : 255));
  const scene: Sample = { pixels, height: 6, width, channels: 1, label: pixels.map((value) => (value > 127 ? 1 : 0)) };
  const source: SampleSource = {
    name: 'stripes',
    task: 'segmentation',
    count: 1,
    classes: ['dark', 'light'],
    mean: [0.5],
    deviation: [0.25],
    image: { channels: 1, height: 6, width },
    read: () => Promise.resolve([scene]),
  };
  const predict = predictor((value) => 10 * value);

  it('are judged pixel by pixel at their own size, in sliding windows exactly and whole only as far as resizing lets them', async () => {
    const input = { height: 6, width: 6 };
    const sliding = await evaluateSource({ predict }, source, 4, { input, view: 'sliding' });
    expect(sliding.metric).toBe(1);
    const whole = await evaluateSource({ predict }, source, 4, { input, view: 'whole' });
    expect(whole.metric).toBeLessThan(0.75);
    for (const { confusion } of [sliding, whole]) expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(width * 6);
  });
});
