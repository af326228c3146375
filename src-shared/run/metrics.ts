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
  // Of one step, or of the whole epoch.
  'seconds',
  'verification',
  'tensors',
  'bytes',
] as const;
type Column = (typeof COLUMNS)[number];

/** Columns of the first version. */
const LEAST_COLUMNS = COLUMNS.indexOf('verification');

/** First line of the file. */
export const METRICS_HEADER = COLUMNS.join(',');

/** Whether a first line is that of this file, as this version or an earlier one writes it. */
export function isMetricsHeader(line: string): boolean {
  return line.startsWith(COLUMNS.slice(0, LEAST_COLUMNS).join(','));
}

/** The event as a line without its line end, or null for events that carry no metrics. */
export function lineOf(event: TrainingEvent): string | null {
  const cells = cellsOf(event);
  return cells === null ? null : COLUMNS.map((column) => cells[column] ?? '').join(',');
}

function cellsOf(event: TrainingEvent): Partial<Record<Column, string | number>> | null {
  if (event.type === 'step') {
    const { type, epoch, step, loss, metric, tensors, bytes } = event;
    const pace = { images_per_second: event.imagesPerSecond, seconds: event.secondsPerStep };
    return {
      type,
      epoch,
      step,
      steps_per_epoch: event.stepsPerEpoch,
      loss,
      metric,
      learning_rate: event.learningRate,
      ...pace,
      tensors,
      bytes,
    };
  }
  if (event.type !== 'epoch') return null;
  const { type, epoch, train, validation, seconds } = event;
  return {
    type,
    epoch,
    ...train,
    validation_loss: validation.loss,
    validation_metric: validation.metric,
    learning_rate: event.learningRate,
    seconds,
    verification: validation.verification,
  };
}

/** The event of a line, or null if the line is not whole. What an earlier version did not write is NaN. */
export function eventOf(line: string): TrainingEvent | null {
  const cells = line.split(',');
  if (cells.length < LEAST_COLUMNS || cells.length > COLUMNS.length) return null;
  const textOf = (column: Column): string => cells[COLUMNS.indexOf(column)] ?? '';
  const value = (column: Column): number => (textOf(column) === '' ? NaN : Number(textOf(column)));
  if (cells[0] === 'step') return stepOf(value);
  if (cells[0] !== 'epoch') return null;
  return {
    type: 'epoch',
    epoch: value('epoch'),
    train: { loss: value('loss'), metric: value('metric') },
    validation: { loss: value('validation_loss'), metric: value('validation_metric'), ...verificationOf(textOf('verification')) },
    learningRate: value('learning_rate'),
    seconds: value('seconds'),
  };
}

function stepOf(value: (column: Column) => number): TrainingEvent {
  return {
    type: 'step',
    epoch: value('epoch'),
    step: value('step'),
    stepsPerEpoch: value('steps_per_epoch'),
    loss: value('loss'),
    metric: value('metric'),
    learningRate: value('learning_rate'),
    imagesPerSecond: value('images_per_second'),
    secondsPerStep: value('seconds'),
    // Of the past: nothing is left of it.
    secondsLeft: NaN,
    tensors: value('tensors'),
    bytes: value('bytes'),
  };
}

function verificationOf(text: string): Pick<ValidationResult, 'verification'> {
  return text === '' ? {} : { verification: Number(text) };
}
