// What a learner is told of a prediction: amounts with their units, percentages in points, the bar's own limits.
import { describe, expect, test } from 'vitest';
import type { PredictionBlock } from '../steps/prediction';
import { barStep } from '../steps/prediction';
import { amountText, gapText } from './gap-text';

const bar = (unit: string, [from, to, step]: readonly [number, number, number?]): PredictionBlock => ({
  guess: 'number',
  of: 'row.cells',
  ask: 'Q',
  unit,
  from,
  to,
  ...(step !== undefined && { step }),
});
const says = (block: PredictionBlock, guess: number, truth: number): string =>
  gapText({ kind: 'number', truth, difference: guess - truth }, block);

describe('the gap of a number', () => {
  test.each<[string, PredictionBlock, number, number, string]>([
    ['between percentages is told in points', bar('%', [0, 100]), 61.5, 41.3, 'Too high by 20.2 percentage points.'],
    ['of one point is one point', bar('%', [0, 100]), 40, 41, 'Too low by 1 percentage point.'],
    ['keeps what the percentage is of', bar('% of the work', [0, 100]), 10, 40, 'Too low by 30 percentage points of the work.'],
    ['knows percentages written out', bar('per cent', [0, 100]), 10, 40, 'Too low by 30 percentage points.'],
    ['knows them in German', bar('Prozent', [0, 100]), 10, 40, 'Too low by 30 percentage points.'],
    ['of thousandths is told in points of them', bar('‰', [0, 100]), 10, 40, 'Too low by 30 per-mille points.'],
    ['of another unit keeps it, with its share of the truth', bar('rows', [0, 64]), 24, 16, 'Too high by 8 rows (50 % of it).'],
    ['without a unit is a bare number', bar('', [0, 64]), 24, 16, 'Too high by 8 (50 % of it).'],
    ['many times the truth is told in times', bar('', [0, 1e4]), 1600, 16, 'Too high by 1584 (99 times as much as it is).'],
    ['far below a hundredth is no 0 %', bar('cells', [0, 1e4, 1]), 9999, 9989, 'Too high by 10 cells (less than 1 % of it).'],
    ['of a truth of zero has no share', bar('', [0, 64]), 24, 0, 'Too high by 24.'],
    ['below a negative truth is too low', bar('', [-10, 10]), -6, -4, 'Too low by 2 (50 % of it).'],
    ['is a whole number where both are', bar('weights', [0, 2e6, 1]), 1_000_000, 876_544, 'Too high by 123\u2009456 weights (14 % of it).'],
    ['within half a step is as near as can be', bar('%', [0, 100]), 41.5, 41.3, 'As near as the bar can be set.'],
    ['of more than half a step is a gap', bar('%', [0, 100]), 41.5, 41.2, 'Too high by 0.3 percentage points.'],
    ['of nothing is exact', bar('%', [0, 100]), 41.5, 41.5, 'Exactly.'],
  ])('%s', (_, block, guess, truth, text) => expect(says(block, guess, truth).replace('1\u2009584', '1584')).toBe(text));
});

test('a word that only begins like a percentage is none', () => {
  expect([amountText(3, 'percentiles'), amountText(3, 'percent'), amountText(1, 'pct')]).toEqual([
    '3 percentiles',
    '3 percentage points',
    '1 percentage point',
  ]);
});

test('cells and choices are told as before', () => {
  const cells = { kind: 'cells', rows: 1, columns: 4, truth: [], hit: 2, missed: 1, extra: 1 } as const;
  const block: PredictionBlock = { guess: 'cells', of: 'row', ask: 'Q' };
  expect(gapText(cells, block)).toBe('2 of 3 cells found, 1 missed, 1 too many.');
  expect(gapText({ ...cells, missed: 0, extra: 0 }, block)).toBe('Exactly: all 2 cells.');
  expect(gapText({ kind: 'choice', truth: [0], right: false }, block)).toBe('Another one than you predicted.');
});

test('a bar goes by round steps, or by those of the writer', () => {
  const steps = (
    [
      [0, 100],
      [0, 64],
      [0, 7],
      [50, 100],
      [0, 1e6],
      [0, 0.02],
    ] as const
  ).map(([from, to]) => barStep({ from, to }));
  expect(steps.map((step) => Number(step.toPrecision(6)))).toEqual([0.5, 0.2, 0.02, 0.2, 5000, 0.0001]);
  expect(barStep({ from: 0, to: 64, step: 1 })).toBe(1);
});
