import { expect, test } from 'vitest';
import type { TrainingEvent } from '../training/recipe';
import { eventOf, isMetricsHeader, lineOf, METRICS_HEADER } from './metrics';

const EPOCH: TrainingEvent = {
  type: 'epoch',
  epoch: 2,
  train: { loss: 0.5, metric: 0.75 },
  validation: { loss: 0.625, metric: 0.5, verification: 0.875 },
  learningRate: 0.1,
  seconds: 3,
};
const STEP: TrainingEvent = {
  type: 'step',
  epoch: 2,
  step: 7,
  stepsPerEpoch: 10,
  loss: 0.5,
  metric: 0.75,
  learningRate: 0.1,
  imagesPerSecond: 64,
  secondsPerStep: 0.25,
  secondsLeft: 12,
  tensors: 40,
  bytes: 4096,
};

test('an epoch is read back as it was written, with the verification of face pairs', () => {
  expect(eventOf(lineOf(EPOCH) ?? '')).toEqual(EPOCH);
});

test('an epoch without face pairs has no verification', () => {
  const plain = { ...EPOCH, validation: { loss: 0.625, metric: 0.5 } };
  expect(lineOf(plain)?.split(',')).toHaveLength(METRICS_HEADER.split(',').length);
  expect(eventOf(lineOf(plain) ?? '')).toEqual(plain);
});

test('a step is read back as it was written, but for the time that was left then', () => {
  expect(eventOf(lineOf(STEP) ?? '')).toEqual({ ...STEP, secondsLeft: NaN });
});

test('lines and first lines of a run written before there were the last columns are read, shorter ones are not', () => {
  expect(eventOf('epoch,2,,,0.5,0.75,0.625,0.5,0.1,,3')).toEqual({ ...EPOCH, validation: { loss: 0.625, metric: 0.5 } });
  expect(eventOf('step,2,7,10,0.5,0.75,,,0.1,64,')).toMatchObject({ loss: 0.5, secondsPerStep: NaN, tensors: NaN, bytes: NaN });
  expect(eventOf('epoch,2,,,0.5,0.75,0.625')).toBeNull();
  expect(isMetricsHeader(METRICS_HEADER)).toBe(true);
  expect(isMetricsHeader(METRICS_HEADER.split(',').slice(0, 11).join(','))).toBe(true);
  expect(isMetricsHeader('epoch,parameter,weight,gradient')).toBe(false);
});
