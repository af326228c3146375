import { describe, expect, it } from 'vitest';
import { seed } from '../../tensor/random';
import type { EmbeddedName, SampleSource } from '../dataset';
import { openEmbedded } from './embedded';
import { EMBEDDED_NAMES } from '../reference-schema';
import { drawFace } from './faces';
import { drawStreet, STREETS_CLASSES } from './streets';

const open = (name: EmbeddedName): ReturnType<typeof openEmbedded> => openEmbedded({ kind: 'embedded', name, seed: seed(4) });

/** Mean and deviation of every channel over the first `count` samples. */
async function measured(source: SampleSource, count: number): Promise<{ mean: number; deviation: number }[]> {
  const samples = await source.read(Int32Array.from({ length: count }, (_, i) => i));
  return [0, 1, 2].map((c) => {
    let [sum, squares, n] = [0, 0, 0];
    for (const { pixels } of samples) {
      for (let i = c; i < pixels.length; i += 3) {
        sum += pixels[i] / 255;
        squares += (pixels[i] / 255) ** 2;
        n++;
      }
    }
    return { mean: sum / n, deviation: Math.sqrt(squares / n - (sum / n) ** 2) };
  });
}

// The digits are not drawn: their own test has them.
describe.each(EMBEDDED_NAMES.filter((name) => name !== 'digits'))('embedded %s', (name) => {
  it('draws any sample again the same, in any order, and others under another seed', async () => {
    const { train } = open(name);
    const [a, b] = await train.read([3, 70]);
    const [again] = await open(name).train.read([70]);
    expect(again).toEqual(b);
    expect(a.pixels).not.toEqual(b.pixels);
    const [other] = await openEmbedded({ kind: 'embedded', name, seed: seed(5) }).train.read([70]);
    expect(other.pixels).not.toEqual(b.pixels);
  });

  it('draws what it says: size, labels within the classes, other samples for validation', async () => {
    const { train, validation } = open(name);
    const [sample] = await train.read([11]);
    expect([sample.channels, sample.height, sample.width]).toEqual([train.image.channels, train.image.height, train.image.width]);
    expect(sample.pixels.length).toBe(3 * sample.height * sample.width);
    const labels = typeof sample.label === 'number' ? [sample.label] : [...sample.label];
    for (const label of labels) expect(label).toBeLessThan(train.classes.length);
    expect((await validation.read([11]))[0].pixels).not.toEqual(sample.pixels);
  });
});

it('streets have the stated mean and deviation, and every class in a hundred scenes', async () => {
  const { train } = open('streets');
  const statistics = await measured(train, 150);
  statistics.forEach(({ mean, deviation }, c) => {
    // 150 scenes of random light and colours: the mean's standard error is about 0.006.
    expect(Math.abs(mean - train.mean[c])).toBeLessThan(0.03);
    expect(Math.abs(deviation - train.deviation[c])).toBeLessThan(0.03);
  });
  const seen = new Set<number>();
  for (let i = 0; i < 100; i++) for (const label of drawStreet(seed(1), 'train', i).label as Uint8Array) seen.add(label);
  expect(seen.size).toBe(STREETS_CLASSES.length);
});

describe('embedded faces', () => {
  it('of one person are nearer to each other than to others when aligned, and much less so when not', () => {
    const distance = (a: Uint8Array, b: Uint8Array): number => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0);
    // Grey-level differences over the middle of the face, where the light alone does not decide.
    const ratio = (aligned: boolean): number => {
      let [same, different] = [0, 0];
      for (let person = 0; person < 40; person++) {
        const [a, b, c] = [
          drawFace(seed(2), person, 0, aligned),
          drawFace(seed(2), person, 1, aligned),
          drawFace(seed(2), person + 1, 1, aligned),
        ];
        same += distance(a.pixels, b.pixels);
        different += distance(a.pixels, c.pixels);
      }
      return same / different;
    };
    expect(ratio(true)).toBeLessThan(0.95);
    expect(ratio(false)).toBeGreaterThan(ratio(true));
  });

  it('bring 2,000 verification pairs in ten folds, half of one person, of people nobody is trained on', async () => {
    const { verification } = open('faces');
    const pairs = verification?.pairs ?? [];
    expect([pairs.length, new Set(pairs.map(({ fold }) => fold)).size]).toEqual([2000, 10]);
    const samples = (await verification?.images.read(pairs.slice(60, 140).flatMap(({ first, second }) => [first, second]))) ?? [];
    pairs.slice(60, 140).forEach(({ same, first, second }, i) => {
      expect(samples[2 * i].label === samples[2 * i + 1].label).toBe(same);
      expect(first).not.toBe(second);
    });
  });

  it('bring an identification test whose distractors are nobody of the probes', async () => {
    const { identification } = open('faces-unaligned');
    const { images, probes, distractors } = identification ?? { images: undefined, probes: [], distractors: [] };
    const people = new Set((await images?.read(probes))?.map(({ label }) => label));
    expect(people.size).toBe(20);
    for (const { label } of (await images?.read(distractors.slice(0, 20))) ?? []) expect(people.has(label)).toBe(false);
  });
});
