// The kinds of step blocks: the only list of them.
import type { z } from 'zod';
import { checkKind } from './check';
import { commandKind } from './command';
import { highlightKind } from './highlight';
import { pictureKind } from './picture';
import { predictionKind } from './prediction';
import { stateKind } from './state';

/** Each under the word that opens its block in a lesson. */
export const STEP_KINDS = {
  state: stateKind,
  highlight: highlightKind,
  picture: pictureKind,
  prediction: predictionKind,
  command: commandKind,
  check: checkKind,
} as const;
export type StepKindName = keyof typeof STEP_KINDS;
export const stepKindNames = Object.keys(STEP_KINDS) as StepKindName[];

/** The blocks a step has, by kind. */
export type StepBlocks = { readonly [Kind in StepKindName]?: z.output<(typeof STEP_KINDS)[Kind]['schema']> };
