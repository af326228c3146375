import { describe, expect, it } from 'vitest';
import {
  areaUnder,
  type Embeddings,
  type Score,
  mateSimilarities,
  pairScores,
  rankOneRate,
  rocCurve,
  rocStaircase,
  similarity,
  trueAcceptsAt,
  verificationAccuracy,
} from './face-metrics';

const score = (value: number, same: boolean, fold = 0): Score => ({ similarity: value, same, fold });

describe('verification', () => {
  const scores = [score(0.9, true), score(0.8, true), score(0.7, false), score(0.6, true), score(0.2, false), score(0.1, false)];

  it('similarity is the cosine, whatever the lengths', () => {
    const rows: Embeddings = { values: Float32Array.of(3, 0, 1, 1, 0, 0), length: 2 };
    expect(similarity(rows, 0, 1)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(similarity(rows, 0, 2)).toBe(0);
    expect(pairScores(rows, [{ first: 0, second: 0, same: true, fold: 3 }])).toEqual([{ similarity: 1, same: true, fold: 3 }]);
  });

  it('the ROC counts accepted pairs at each threshold, equal similarities together', () => {
    expect(rocCurve(scores).map(({ falseAccepts, trueAccepts }) => [falseAccepts, trueAccepts])).toEqual([
      [0, 0],
      [0, 1 / 3],
      [0, 2 / 3],
      [1 / 3, 2 / 3],
      [1 / 3, 1],
      [2 / 3, 1],
      [1, 1],
    ]);
    expect(rocCurve([score(0.5, true), score(0.5, false)])).toHaveLength(2);
  });

  it('as a staircase the ROC has one height for each rate of false accepts', () => {
    expect(rocStaircase(rocCurve(scores))).toEqual({ falseAccepts: [0, 1 / 3, 2 / 3, 1], trueAccepts: [2 / 3, 1, 1, 1] });
  });

  it('the area under the ROC is the chance that a same pair is more similar than a different one', () => {
    // Of the nine pairs of a same and a different one, 0.6 against 0.7 is the only wrong one.
    expect(areaUnder(rocCurve(scores))).toBeCloseTo(8 / 9, 12);
    expect(areaUnder(rocCurve([score(0.5, true), score(0.5, false)]))).toBe(0.5);
  });

  it('TAR at FAR is the best point within the rate', () => {
    expect(trueAcceptsAt(rocCurve(scores), 0.001)).toBeCloseTo(2 / 3, 12);
    expect(trueAcceptsAt(rocCurve(scores), 0.4)).toBe(1);
  });

  it('each fold is judged at the threshold that is best on the others', () => {
    const folds = [score(0.9, true, 0), score(0.1, false, 0), score(0.4, true, 1), score(0.2, false, 1)];
    const { accuracy, folds: judged } = verificationAccuracy(folds);
    // Fold 1 is separated at 0.3, which is right for fold 0; fold 0 at 0.5, which loses fold 1's same pair.
    expect(judged.map((fold) => fold.threshold)).toEqual([expect.closeTo(0.3, 6), expect.closeTo(0.5, 6)]);
    expect(judged.map((fold) => fold.accuracy)).toEqual([1, 0.5]);
    expect(accuracy).toBe(0.75);
  });
});

describe('identification', () => {
  it('a mate must be nearer than every distractor, however long the embeddings are', async () => {
    // Person 0 at 0 and 10 degrees, person 1 at 90 and 120, a distractor at 100.
    const degrees = [0, 10, 90, 120, 100].map((angle) => (angle * Math.PI) / 180);
    const values = Float32Array.from(degrees.flatMap((angle, row) => [(row + 1) * Math.cos(angle), (row + 1) * Math.sin(angle)]));
    const rate = await rankOneRate({ values, length: 2 }, [0, 0, 1, 1, 2], { probes: [0, 1, 2, 3], distractors: [4] });
    expect(rate).toBe(0.5);
  });

  it('each probe is compared with the next of its person, and people with one picture with nobody', () => {
    const values = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1);
    expect(mateSimilarities({ values, length: 2 }, [7, 7, 8, 7], [0, 1, 2, 3])).toEqual([0, 1, 0]);
  });
});
