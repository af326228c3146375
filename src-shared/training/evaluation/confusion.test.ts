import { describe, expect, it } from 'vitest';
import type { Sample, SampleSource } from '../../dataset/dataset';
import { assembleBatch } from '../batches/batch';
import { evaluateSource } from './evaluate';
import { accuracy, classAccuracies, crossEntropyAt, intersectionsOverUnion, meanIntersectionOverUnion } from './confusion';

describe('metrics', () => {
  // Of 4 of class 0, 3 are found; of 2 of class 1, 1; class 2 never occurs.
  const confusion = [
    [3, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
  ];

  it('accuracy counts the diagonal', () => {
    expect(accuracy(confusion)).toBeCloseTo(4 / 6, 12);
    expect(classAccuracies(confusion)).toEqual([0.75, 0.5, null]);
  });

  it('IoU is hits over union, and classes that never occur are left out of the mean', () => {
    expect(intersectionsOverUnion(confusion)).toEqual([3 / 5, 1 / 3, null]);
    expect(meanIntersectionOverUnion(confusion)).toBeCloseTo((3 / 5 + 1 / 3) / 2, 12);
  });

  it('cross-entropy is safe for large logits', () => {
    expect(crossEntropyAt(Float32Array.of(1000, 0), 0, 2, 0)).toBe(0);
    expect(crossEntropyAt(Float32Array.of(1, 1), 0, 2, 1)).toBeCloseTo(Math.LN2, 12);
  });
});

/** A split of given samples. */
function sourceOf(samples: readonly Sample[], task: SampleSource['task'], classes: readonly string[]): SampleSource {
  const [{ height, width, channels }] = samples;
  return {
    name: 'given',
    task,
    count: samples.length,
    classes,
    mean: new Array<number>(channels).fill(0.5),
    deviation: new Array<number>(channels).fill(0.25),
    image: { height, width, channels },
    read: (indices) => Promise.resolve(Array.from(indices, (index) => samples[index])),
  };
}

describe('batches and evaluation', () => {
  it('images are NCHW, (pixel/255 - mean) / deviation', () => {
    const samples: Sample[] = [{ pixels: Uint8Array.of(0, 255, 51, 102), height: 1, width: 2, channels: 2, label: 1 }];
    const batch = assembleBatch(samples, sourceOf(samples, 'classification', ['a', 'b']), 0.1);
    expect(batch.shape).toEqual([1, 2, 1, 2]);
    [-2, -1.2, 2, -0.4].forEach((expected, i) => expect(batch.images[i]).toBeCloseTo(expected, 6));
    [0.05, 0.95].forEach((expected, i) => expect(batch.targets[i]).toBeCloseTo(expected, 6));
  });

  it('evaluation gives every sample its class, in order, over incomplete batches', async () => {
    const samples: Sample[] = [10, 200, 90, 250, 130].map((v, i) => ({
      pixels: Uint8Array.of(v),
      height: 1,
      width: 1,
      channels: 1,
      label: i % 2,
    }));
    // Class 1 where the pixel is above the middle.
    const predict = (images: Float32Array): Promise<Float32Array> => Promise.resolve(Float32Array.from([...images].flatMap((v) => [0, v])));
    const report = await evaluateSource({ predict }, sourceOf(samples, 'classification', ['dark', 'light']), 2);
    expect([...report.predictions]).toEqual([0, 1, 0, 1, 1]);
    expect(report.confusion).toEqual([
      [2, 1],
      [0, 2],
    ]);
    expect(report.metric).toBeCloseTo(0.8, 12);
  });

  it('scenes are counted per pixel and ignored pixels nowhere', async () => {
    const samples: Sample[] = [
      { pixels: Uint8Array.of(0, 255, 0, 255), height: 2, width: 2, channels: 1, label: Uint8Array.of(0, 1, 1, 255) },
    ];
    const predict = (images: Float32Array): Promise<Float32Array> =>
      Promise.resolve(Float32Array.from([...images.map((v) => -v), ...images]));
    const report = await evaluateSource({ predict }, sourceOf(samples, 'segmentation', ['dark', 'light']), 8);
    expect(report.confusion).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(report.metric).toBeCloseTo(0.5, 12);
  });
});
