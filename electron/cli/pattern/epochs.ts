// Patterns over the train-form checkpoints of a run, oldest first, printed.
import { headlineOf } from '@shared/pattern/compare';
import { patternCsv } from '@shared/pattern/export';
import { epochPatterns, type EpochPatterns } from '../../app/pattern/blocks';
import { readNetwork } from '../network';
import { questionFrom, type PatternAnswer, type PatternOptions } from './options';
import { epochTable } from './text';
import { print, printJson } from '../verb';

/** Analyses every checkpoint. Throws UserError for what is no run, or has no checkpoint yet. */
export async function analyseEpochs(folder: string, options: PatternOptions): Promise<PatternAnswer> {
  const { run, epochs } = await epochPatterns(folder, (path) => readNetwork(path, options), questionFrom(options));
  return { layer: epochs[0].blocks[0].path, print: () => printEpochs(run, epochs, options) };
}

function printEpochs(run: string, epochs: readonly EpochPatterns[], { json, csv }: PatternOptions): void {
  const entries = epochs.flatMap(({ epoch, blocks }) => blocks.map((block) => ({ epoch, block })));
  if (json) printJson({ run, epochs });
  else if (csv) print(patternCsv(entries).trimEnd());
  else
    print(
      ...epochs[0].blocks.flatMap(({ path }) => [`${path || '(network)'}, before -> after the merge`, ...blockLines(epochs, path), '']),
    );
}

function blockLines(epochs: readonly EpochPatterns[], path: string): string[] {
  return epochTable(
    epochs.flatMap(({ epoch, blocks }) =>
      blocks.flatMap((block) => (block.path === path ? [{ epoch, before: headlineOf(block.before), after: headlineOf(block.after) }] : [])),
    ),
  );
}
