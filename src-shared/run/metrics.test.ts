import { expect, test } from 'vitest';
import type { TrainingEvent } from '../training/recipe';
import { eventOf, lineOf, METRICS_HEADER } from './metrics';

const EPOCH: TrainingEvent = {
  type: 'epoch',
  epoch: 2,
  train: { loss: 0.5, metric: 0.75 },
  validation: { loss: 0.625, metric: 0.5, verification: 0.875 },
  learningRate: 0.1,
  seconds: 3,
};

test('an epoch is read back as it was written, with the verification of face pairs in the last column', () => {
  expect(METRICS_HEADER.split(',').at(-1)).toBe('verification');
  expect(lineOf(EPOCH)).toMatch(/,0\.875$/);
  expect(eventOf(lineOf(EPOCH) ?? '')).toEqual(EPOCH);
});

test('an epoch without face pairs has no verification', () => {
  const plain = { ...EPOCH, validation: { loss: 0.625, metric: 0.5 } };
  expect(lineOf(plain)?.split(',')).toHaveLength(METRICS_HEADER.split(',').length);
  expect(eventOf(lineOf(plain) ?? '')).toEqual(plain);
});

test('lines of a run written before there was that column are read, shorter ones are not', () => {
  const old = 'epoch,2,,,0.5,0.75,0.625,0.5,0.1,,3';
  expect(eventOf(old)).toEqual({ ...EPOCH, validation: { loss: 0.625, metric: 0.5 } });
  expect(eventOf('epoch,2,,,0.5,0.75,0.625')).toBeNull();
});
