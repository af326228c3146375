// Patterns over the train-form checkpoints of a run, oldest first.
import type { BlockPattern } from '@shared/pattern/analyse';
import { headlineOf } from '@shared/pattern/compare';
import { patternCsv } from '@shared/pattern/export';
import { UserError } from '@shared/base/user-error';
import { pathInside } from '../../files/inside';
import { isRunFolder, readRun } from '../../runs/read';
import { readNetwork } from '../network';
import { analyse, type PatternAnswer, type PatternOptions } from './blocks';
import { epochTable } from './text';
import { print, printJson } from '../verb';

interface Epoch {
  readonly epoch: number;
  readonly blocks: readonly BlockPattern[];
}

/** Analyses every checkpoint. Throws UserError for what is no run, or has no checkpoint yet. */
export async function analyseEpochs(folder: string, options: PatternOptions): Promise<PatternAnswer> {
  if (!(await isRunFolder(folder))) throw new UserError(`--epochs goes with a run folder; ${folder} has no run.json`);
  const run = await readRun(folder);
  const epochs: Epoch[] = [];
  for (const { epoch, file } of run.checkpoints.filter(({ form, step }) => form === 'train' && step === 0)) {
    const { spec, weights } = await readNetwork(await pathInside(folder, file), options);
    epochs.push({ epoch, blocks: await analyse(spec, weights, options) });
  }
  if (epochs.length === 0) throw new UserError(`run ${run.name} has no checkpoint of a whole epoch yet`);
  return { layer: epochs[0].blocks[0].path, print: () => printEpochs(run.name, epochs, options) };
}

function printEpochs(run: string, epochs: readonly Epoch[], { json, csv }: PatternOptions): void {
  const entries = epochs.flatMap(({ epoch, blocks }) => blocks.map((block) => ({ epoch, block })));
  if (json) printJson({ run, epochs });
  else if (csv) print(patternCsv(entries).trimEnd());
  else
    print(
      ...epochs[0].blocks.flatMap(({ path }) => [`${path || '(network)'}, before -> after the merge`, ...blockLines(epochs, path), '']),
    );
}

function blockLines(epochs: readonly Epoch[], path: string): string[] {
  return epochTable(
    epochs.flatMap(({ epoch, blocks }) =>
      blocks.flatMap((block) => (block.path === path ? [{ epoch, before: headlineOf(block.before), after: headlineOf(block.after) }] : [])),
    ),
  );
}
