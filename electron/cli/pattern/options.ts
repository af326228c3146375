// What the pattern verb is asked and answers.
import type { PatternQuestion } from '../../app/pattern/blocks';
import type { KernelOptions } from '../kernels';
import { remark, wholeNumber } from '../verb';
import type { PatternFigureOptions } from './figure';

export interface PatternOptions extends PatternFigureOptions, KernelOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly closer?: boolean;
}

/** What was found: printed once the figure is written, so that a figure that cannot be drawn prints nothing. */
export interface PatternAnswer {
  /** Path of the first block analysed. */
  readonly layer: string;
  readonly print: () => void;
}

/** What the options ask of a network's blocks. Throws UserError for a group that is no number. */
export function questionFrom({ layer, closer, group, json, csv }: PatternOptions): PatternQuestion {
  const quiet = json === true || csv === true;
  return {
    layer,
    ...(closer && { closer: { group: group === undefined ? null : wholeNumber('--group', group, 0) } }),
    onProgress: quiet ? undefined : (done, total) => remark(`analysed ${done} of ${total}`),
  };
}
