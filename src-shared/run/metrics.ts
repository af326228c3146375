// metrics.csv: one line per training event that carries numbers. Columns that do not apply are empty; new
// columns go to the end, and lines of a run that was written before there were any are read as well.
import type { TrainingEvent, ValidationResult } from '../training/recipe';

const COLUMNS = [
  'type',
  'epoch',
  'step',
  'steps_per_epoch',
  'loss',
  'metric',
  'validation_loss',
  'validation_metric',
  'learning_rate',
  'images_per_second',
  'seconds',
  'verification',
] as const;

/** Columns of the first version. */
const LEAST_COLUMNS = COLUMNS.indexOf('verification');

/** First line of the file. */
export const METRICS_HEADER = COLUMNS.join(',');

/** The event as a line without its line end, or null for events that carry no metrics. */
export function lineOf(event: TrainingEvent): string | null {
  if (event.type === 'step') {
    return [
      'step',
      event.epoch,
      event.step,
      event.stepsPerEpoch,
      event.loss,
      event.metric,
      '',
      '',
      event.learningRate,
      event.imagesPerSecond,
      '',
      '',
    ].join(',');
  }
  if (event.type === 'epoch') {
    const { train, validation } = event;
    return [
      'epoch',
      event.epoch,
      '',
      '',
      train.loss,
      train.metric,
      validation.loss,
      validation.metric,
      event.learningRate,
      '',
      event.seconds,
      validation.verification ?? '',
    ].join(',');
  }
  return null;
}

/** The event of a line, or null if the line is not whole. */
export function eventOf(line: string): TrainingEvent | null {
  const cells = line.split(',');
  if (cells.length < LEAST_COLUMNS || cells.length > COLUMNS.length) return null;
  const value = (column: (typeof COLUMNS)[number]): number => Number(cells[COLUMNS.indexOf(column)]);
  if (cells[0] === 'step') {
    return {
      type: 'step',
      epoch: value('epoch'),
      step: value('step'),
      stepsPerEpoch: value('steps_per_epoch'),
      loss: value('loss'),
      metric: value('metric'),
      learningRate: value('learning_rate'),
      imagesPerSecond: value('images_per_second'),
      secondsLeft: 0,
      tensors: 0,
      bytes: 0,
    };
  }
  if (cells[0] !== 'epoch') return null;
  return {
    type: 'epoch',
    epoch: value('epoch'),
    train: { loss: value('loss'), metric: value('metric') },
    validation: { loss: value('validation_loss'), metric: value('validation_metric'), ...verificationOf(cells) },
    learningRate: value('learning_rate'),
    seconds: value('seconds'),
  };
}

function verificationOf(cells: readonly string[]): Pick<ValidationResult, 'verification'> {
  const text = cells[COLUMNS.indexOf('verification')] ?? '';
  return text === '' ? {} : { verification: Number(text) };
}
