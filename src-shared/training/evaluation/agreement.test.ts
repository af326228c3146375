import { describe, expect, it } from 'vitest';
import { agreementOfPairs, AnswerComparison } from './agreement';
import { agreementText } from './agreement-text';
import type { Answer } from './answers';
import { similarity } from './face-metrics';

const TOLERANCE = { value: 1e-3, reason: 'a test' };

/** Two places with the scores of three classes each. */
const answer = (first: readonly number[], second: readonly number[]): Answer => ({
  scores: Float32Array.from(first.flatMap((score, k) => [score, second[k]])),
  classes: 3,
  places: 2,
});

function compared(train: Answer, merged: Answer) {
  const comparison = new AnswerComparison('pixels', TOLERANCE);
  comparison.add([train], [merged], 4);
  return comparison.verdict();
}

describe('answers of two forms', () => {
  const train = answer([1, 5, 2], [10, 9.99, 0]);

  it('agree where the largest score is at the same class', () => {
    expect(compared(train, answer([1, 5.001, 2], [10, 9.99, 0]))).toMatchObject({
      compared: 2,
      same: 2,
      ties: 0,
      different: 0,
      agrees: true,
    });
  });

  it('agree where rounding decides between two classes: closer than twice the tolerance of the largest score', () => {
    expect(compared(train, answer([1, 5, 2], [9.99, 10, 0]))).toMatchObject({ same: 1, ties: 1, different: 0, agrees: true });
  });

  it('disagree where another class wins by more, and the first such sample is named', () => {
    const verdict = compared(train, answer([5, 1, 2], [10, 9.99, 0]));
    expect(verdict).toMatchObject({ same: 1, ties: 0, different: 1, agrees: false, firstDifferent: 4 });
    expect(verdict.maxDifference).toBeCloseTo(0.4, 6);
    expect(agreementText(verdict)[0]).toBe(
      'train and merged form DISAGREE: the same class for 1 of 2 pixels, 1 differ (the first in sample 5)',
    );
  });

  it('disagree where a score is no number, although the first class is then the largest in both', () => {
    expect(compared(answer([NaN, 0, 0], [1, 0, 0]), answer([NaN, 0, 0], [1, 0, 0]))).toMatchObject({
      agrees: false,
      maxDifference: Infinity,
    });
  });
});

describe('similarities of pairs', () => {
  it('agree within twice the tolerance of one embedding', () => {
    expect(agreementOfPairs([0.5, -0.25], [0.5015, -0.25], TOLERANCE)).toMatchObject({
      compared: 2,
      same: 2,
      agrees: true,
      tolerance: 2e-3,
    });
    expect(agreementOfPairs([0.5, -0.25], [0.5, -0.247], TOLERANCE)).toMatchObject({
      same: 1,
      different: 1,
      agrees: false,
      firstDifferent: 1,
    });
  });

  it('disagree where an embedding is no number, even in both forms, and say so of all pairs', () => {
    const embeddings = { values: Float32Array.of(1, 0, NaN, 0, 0, 1), length: 2 };
    const pair = (first: number, second: number): number => similarity(embeddings, first, second);
    const both = [pair(0, 1), pair(0, 2)];
    expect(agreementOfPairs(both, both, TOLERANCE)).toMatchObject({ agrees: false, different: 1, firstDifferent: 0 });
    expect(agreementOfPairs([pair(0, 2), 0.5], [pair(0, 1), 0.4], TOLERANCE)).toMatchObject({ different: 2, maxDifference: Infinity });
    expect(agreementOfPairs([NaN, 0.5], [0.5, 0.4], TOLERANCE)).toMatchObject({ different: 2, maxDifference: Infinity });
  });
});
