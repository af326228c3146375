// The clock's step, on clocks that are made up.
import { expect, test } from 'vitest';
import { clockStepMs } from './clock';

/** A clock that moves by `step` every third reading. */
function stepping(step: number): () => number {
  let readings = 0;
  return () => Math.floor(readings++ / 3) * step;
}

test('a rounded clock is found out, and a coarse one at its first step', () => {
  expect(clockStepMs(stepping(0.125))).toBe(0.125);
  expect(clockStepMs(stepping(100))).toBe(100);
});

test('a clock that stands still has no step', () => {
  expect(clockStepMs(() => 5)).toBe(Infinity);
});

test('the clock here tells more than the stretches of a measurement need', () => {
  expect(clockStepMs()).toBeLessThan(3);
});
