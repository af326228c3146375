import { expect, it } from 'vitest';
import { recipe } from './recipes';
import { learningRateAt } from './schedule';

it('the CIFAR cosine starts at 0.2, is half at half time and ends near 0', () => {
  const { schedule, epochs } = recipe('cifar-paper');
  const length = { stepsPerEpoch: 390, epochs };
  const at = [0, 19_500, 38_999].map((iteration) => learningRateAt(schedule, iteration, length));
  expect(at[0]).toBe(0.2);
  expect(at[1]).toBeCloseTo(0.1, 12);
  expect(at[2]).toBeLessThan(1e-8);
});

it('warm-up is a line from its start to the base rate', () => {
  const { schedule } = recipe('repmlpnet-paper');
  const length = { stepsPerEpoch: 10, epochs: 100 };
  expect(learningRateAt(schedule, 0, length)).toBe(5e-7);
  expect(learningRateAt(schedule, 50, length)).toBeCloseTo((5e-7 + 1e-3) / 2, 12);
  // The cosine counts the whole run: after a tenth of it, (1 + cos(0.1 pi)) / 2 of the base.
  expect(learningRateAt(schedule, 100, length)).toBeCloseTo((1e-3 * (1 + Math.cos(0.1 * Math.PI))) / 2, 12);
});

it('the face schedule divides by ten at its three milestones', () => {
  const { schedule } = recipe('face-paper');
  const length = { stepsPerEpoch: 11_351, epochs: 37 };
  const rates = [251_999, 252_000, 364_000, 406_000].map((iteration) => learningRateAt(schedule, iteration, length));
  [0.1, 0.01, 0.001, 0.0001].forEach((expected, i) => expect(rates[i]).toBeCloseTo(expected, 12));
});

it('the poly schedule is base * (1 - i/T)^0.9', () => {
  const { schedule } = recipe('cityscapes-paper');
  expect(learningRateAt(schedule, 250, { stepsPerEpoch: 10, epochs: 100 })).toBeCloseTo(0.01 * 0.75 ** 0.9, 12);
});
