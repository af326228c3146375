import { expect, test } from 'vitest';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { addEvent, emptyCurves, smooth } from './curve-series';

const step = (epoch: number, index: number, loss: number): TrainingEvent => ({
  type: 'step',
  epoch,
  step: index,
  stepsPerEpoch: 10,
  loss,
  metric: 0.5,
  learningRate: 0.1,
  imagesPerSecond: 100,
  secondsPerStep: 0.25,
  secondsLeft: 1,
  tensors: 1,
  bytes: 1,
});

test('steps are placed in epochs', () => {
  const curves = emptyCurves();
  addEvent(curves, step(1, 5, 2));
  addEvent(curves, step(2, 10, 1));
  expect(curves.stepX).toEqual([0.5, 2]);
  expect(curves.stepLoss).toEqual([2, 1]);
});

test('a resumed run replaces the steps after its checkpoint', () => {
  const curves = emptyCurves();
  for (const [index, loss] of [
    [2, 9],
    [4, 8],
    [6, 7],
  ])
    addEvent(curves, step(1, index, loss));
  addEvent(curves, step(1, 4, 5));
  expect(curves.stepX).toEqual([0.2, 0.4]);
  expect(curves.stepLoss).toEqual([9, 5]);
});

test('smoothing keeps a constant series constant from its first value on', () => {
  for (const value of smooth([3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
});

test('smoothing of zero changes nothing, more smoothing lags behind a jump', () => {
  expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]);
  expect(smooth([0, 0, 1], 0.9)[2]).toBeLessThan(smooth([0, 0, 1], 0.5)[2]);
});

test('the verification of face pairs is a curve of its own, and a resumed run replaces its end too', () => {
  const curves = emptyCurves();
  const epoch = (number: number, verification?: number): TrainingEvent => ({
    type: 'epoch',
    epoch: number,
    train: { loss: 1, metric: 0.5 },
    validation: { loss: 1, metric: 0.5, ...(verification !== undefined && { verification }) },
    learningRate: 0.1,
    seconds: 1,
  });
  for (const event of [epoch(1), epoch(2, 0.75), epoch(3, 0.875), epoch(3, 0.625)]) addEvent(curves, event);
  expect([curves.verificationX, curves.verification]).toEqual([
    [2, 3],
    [0.75, 0.625],
  ]);
  expect(curves.epochX).toEqual([1, 2, 3]);
});
