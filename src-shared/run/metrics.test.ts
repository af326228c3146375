import { expect, test } from 'vitest';
import type { TrainingEvent } from '../training/recipe/event';
import { lineOf, METRICS_HEADER, metricsOf } from './metrics';

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

/** The events of a file with these lines. */
const read = (...lines: readonly (string | null)[]): TrainingEvent[] =>
  metricsOf(`${[METRICS_HEADER, ...lines].join('\n')}\n`, 'metrics.csv');
const FIRST_VERSION = METRICS_HEADER.split(',').slice(0, 11).join(',');

test('an epoch is read back as it was written, with the verification of face pairs', () => {
  expect(read(lineOf(EPOCH))).toEqual([EPOCH]);
});

test('an epoch without face pairs has no verification', () => {
  const plain = { ...EPOCH, validation: { loss: 0.625, metric: 0.5 } };
  expect(lineOf(plain)?.split(',')).toHaveLength(METRICS_HEADER.split(',').length);
  expect(read(lineOf(plain))).toEqual([plain]);
});

test('a step is read back as it was written, but for the time that was left then', () => {
  expect(read(lineOf(STEP))).toEqual([{ ...STEP, secondsLeft: NaN }]);
});

test('lines and first lines of a run written before there were the last columns are read', () => {
  const lines = ['epoch,2,,,0.5,0.75,0.625,0.5,0.1,,3', 'step,2,7,10,0.5,0.75,,,0.1,64,'];
  const expected = [
    { ...EPOCH, validation: { loss: 0.625, metric: 0.5 } },
    { loss: 0.5, secondsPerStep: NaN, tensors: NaN, bytes: NaN },
  ];
  expect(read(...lines)).toMatchObject(expected);
  expect(metricsOf(`${[FIRST_VERSION, ...lines].join('\n')}\n`, 'metrics.csv')).toMatchObject(expected);
});

test('what a kill leaves is read: no file, a part of the first line, a line cut off', () => {
  for (const text of ['', METRICS_HEADER.slice(0, 9), METRICS_HEADER, `${METRICS_HEADER}\n`])
    expect(metricsOf(text, 'metrics.csv')).toEqual([]);
  expect(metricsOf(`${METRICS_HEADER}\n${lineOf(STEP)}\n${lineOf(EPOCH)?.slice(0, -4)}`, 'metrics.csv')).toHaveLength(1);
});

test.each([
  [['epoch,2,,,0.5,0.75,0.625'], 'metrics.csv, line 2: has 7 columns'],
  [[lineOf(STEP), 'pause,1,1,1,1,1,,,1,1,1,,1,1'], 'metrics.csv, line 3: "type" is step or epoch, got "pause"'],
  [['step,-1,7,10,0.5,0.75,,,0.1,64,'], 'metrics.csv, line 2: "epoch" takes a whole number, 1 or more, got "-1"'],
  [['step,1,1.5,10,0.5,0.75,,,0.1,64,'], '"step" takes a whole number, 1 or more, got "1.5"'],
  [['step,1,1,10,high,0.75,,,0.1,64,'], '"loss" takes a number, got "high"'],
  [['step,1,1,10,0x10,0.75,,,0.1,64,'], '"loss" takes a number, got "0x10"'],
  [[''], 'metrics.csv, line 2: has 1 columns'],
])('a line that is no event is refused with its number and column: %j', (lines, sentence) => {
  expect(() => read(...lines)).toThrow(sentence);
});

test('a file of other columns is refused, and one of a newer program as such', () => {
  expect(() => metricsOf('epoch,parameter,weight,gradient\n', 'metrics.csv')).toThrow(
    'metrics.csv: its first line names the columns type,epoch',
  );
  expect(() => metricsOf(`${METRICS_HEADER},watts\n`, 'metrics.csv')).toThrow(
    'written by a newer program (its columns watts are not known here)',
  );
});
