// metrics.csv: one line per training event that carries numbers. Columns that do not apply are empty; new
// columns go to the end, and lines of a run that was written before there were any are read as well.
import type { TrainingEvent } from '../training/recipe/event';
import { UserError } from '../base/user-error';

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

/**
 * The events of a whole file in order; a last line that was cut off by a kill is left out, what an earlier version did not write is
 * NaN. Throws UserError naming `where`, the line and the column of anything else that is no event.
 */
export function metricsOf(text: string, where: string): TrainingEvent[] {
  const [header, ...lines] = text.split('\n').map((line) => line.replace(/\r$/, ''));
  // A start that was killed leaves the file before its header.
  if (lines.length === 0 && METRICS_HEADER.startsWith(header)) return [];
  const columns = header.split(',');
  const known = COLUMNS.slice(0, Math.max(columns.length, LEAST_COLUMNS)).join(',');
  if (header !== known)
    throw new UserError(
      columns.length > COLUMNS.length && header.startsWith(METRICS_HEADER)
        ? `${where}: written by a newer program (its columns ${columns.slice(COLUMNS.length).join(', ')} are not known here): take a newer version of this program to read it`
        : `${where}: its first line names the columns ${known}; got "${header.slice(0, 80)}". Put the line back, or move the file away to begin another`,
    );
  return lines.slice(0, -1).map((line, index) => eventOf(line, `${where}, line ${index + 2}`));
}

/** The event of a line. Throws UserError naming the column that is wrong. */
function eventOf(line: string, where: string): TrainingEvent {
  const cells = line.split(',');
  if (cells.length < LEAST_COLUMNS || cells.length > COLUMNS.length)
    throw new UserError(
      `${where}: has ${cells.length} columns, expected ${LEAST_COLUMNS} to ${COLUMNS.length}: mend the line or delete it`,
    );
  const textOf = (column: Column): string => cells[COLUMNS.indexOf(column)] ?? '';
  const value = (column: Column): number => numberOf(textOf(column), `${where}: "${column}"`);
  const count = (column: Column): number => countOf(textOf(column), `${where}: "${column}"`);
  if (cells[0] === 'step') return stepOf(value, count);
  if (cells[0] !== 'epoch') throw new UserError(`${where}: "type" is step or epoch, got "${cells[0]}": mend the line or delete it`);
  const verification = textOf('verification') === '' ? {} : { verification: value('verification') };
  return {
    type: 'epoch',
    epoch: count('epoch'),
    train: { loss: value('loss'), metric: value('metric') },
    validation: { loss: value('validation_loss'), metric: value('validation_metric'), ...verification },
    learningRate: value('learning_rate'),
    seconds: value('seconds'),
  };
}

/** A number of a cell, NaN of an empty one. Throws UserError for anything else. */
export function numberOf(text: string, where: string): number {
  if (text === '') return NaN;
  if (!/^(-?(\d+(\.\d+)?(e[+-]?\d+)?|Infinity)|NaN)$/.test(text))
    throw new UserError(`${where} takes a number, got "${text.slice(0, 40)}": mend the line or delete it`);
  return Number(text);
}

/** A whole number of a cell, 1 or more. Throws UserError for anything else. */
export function countOf(text: string, where: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw new UserError(`${where} takes a whole number, 1 or more, got "${text.slice(0, 40)}": mend the line or delete it`);
  return Number(text);
}

function stepOf(value: (column: Column) => number, count: (column: Column) => number): TrainingEvent {
  return {
    type: 'step',
    epoch: count('epoch'),
    step: count('step'),
    stepsPerEpoch: count('steps_per_epoch'),
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
