// repmlp train: trains into a run folder. Ctrl-C stops after the current step and leaves a resumable run.
import { resolve } from 'node:path';
import type { Engine } from '@shared/compute/engine';
import type { ResumePoint } from '@shared/training/loop/events';
import { newestCheckpoint, placeInRun } from '@shared/run/checkpoints';
import type { TrainingConfig, TrainingControl } from '@shared/training/recipe/recipe';
import type { TrainingState } from '@shared/training/recipe/event';
import { seedsOf, seedsText } from '@shared/training/recipe/seeds';
import { UserError } from '@shared/base/user-error';
import { createRun, resumeRun } from '../../app/training/run-start';
import { CommandsInForce, markFailed, trainIntoRun, type RunWriter } from '../../runs';
import { onEndingSignal } from '../../files/ending-signals';
import { withEngine } from '../engine';
import { ProgressLine } from '../progress';
import { configFrom, withTrainOptions, type TrainOptions } from './options';
import { resumedConfig } from './resume';
import { print, printJson, remark, type Verb } from '../verb';

export const trainVerb: Verb = (program, setExit) => {
  withTrainOptions(
    program
      .command('train')
      .description('train a network into a run folder (metrics.csv, TensorBoard events, checkpoints); Ctrl-C leaves a resumable run'),
  ).action(async (options: TrainOptions) => {
    const folder = resolve(options.out);
    const start = options.resume ? await resumeAsAsked(folder, options) : await startRun(folder, await configFrom(options));
    const state = await withEngine((engine) => trainInTerminal(engine, start))
      .catch((error: unknown) => leave(start, error))
      .finally(() => start.writer.release());
    const { checkpoints, config } = start.writer.record;
    const last = checkpoints[checkpoints.length - 1];
    if (options.json) printJson({ run: folder, state, epochs: last?.epoch ?? 0, seeds: seedsOf(config), checkpoints });
    else
      print(
        `${folder}: ${state}, ${checkpoints.length} ${checkpoints.length === 1 ? 'checkpoint' : 'checkpoints'}${state === 'stopped' ? '; go on with --resume' : ''}`,
      );
    setExit(state === 'failed' ? 1 : 0);
  });
};

/** What is left of a run that ended in an error: nothing of a new one that had not begun, else a run to go on with, which is said. */
async function leave({ writer, resumed }: RunStart, error: unknown): Promise<never> {
  const gone = !resumed && (await writer.discardUnbegun());
  if (!gone) remark(`${writer.folder} is kept up to here: mend what follows, then go on with --resume`);
  throw error;
}

/** A run folder about to be trained into. */
export interface RunStart {
  readonly writer: RunWriter;
  readonly point: ResumePoint | null;
  readonly resumed: boolean;
  /** Commands that hold from the first step on. */
  readonly first: readonly TrainingControl[];
}

/** Creates the run folder of a configuration. */
export async function startRun(folder: string, config: TrainingConfig): Promise<RunStart> {
  const writer = await createRun(folder, config);
  remark(`seeds: ${seedsText(config)}`);
  return { writer, point: null, resumed: false, first: [] };
}

async function resumeAsAsked(folder: string, options: TrainOptions): Promise<RunStart> {
  const first = options.lr === undefined ? [] : [{ action: 'learningRate', value: rate(options.lr) } as const];
  const { writer, point, dataChanged } = await resumeRun(folder, async (run) => {
    const config = await resumedConfig(run, options);
    if (first.length > 0 && run.checkpoints.some(({ epoch }) => epoch >= config.recipe.epochs))
      throw new UserError(`--lr has nothing left to act on: ${folder} has done its ${config.recipe.epochs} epochs`);
    return config;
  });
  remark(`seeds: ${seedsText(writer.record.config)}`);
  remark(resumeText(writer, point));
  if (dataChanged !== null) remark(dataChanged);
  return { writer, point, resumed: true, first };
}

/** Reads a learning rate. Throws UserError for anything but a number above 0. */
function rate(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0 || text.trim() === '') throw new UserError(`--lr takes a number above 0; got "${text}"`);
  return value;
}

function resumeText({ record }: RunWriter, point: ResumePoint | null): string {
  if (point === null) return 'starts again from its seeds: it ended before its first checkpoint';
  const last = newestCheckpoint(record);
  return `goes on from ${placeInRun({ epoch: point.epoch, step: last?.step ?? 0 }, record)}`;
}

/** Trains with a progress line; Ctrl-C, `kill` and a closed terminal ask the training to stop, a second Ctrl-C ends the program. */
export async function trainInTerminal(engine: Engine, { writer, point, first }: RunStart): Promise<TrainingState> {
  const { config } = writer.record;
  const progress = new ProgressLine(process.stderr, config.recipe.epochs, config.spec.task);
  const run = writer.folder;
  const commands = new CommandsInForce(first);
  let interrupted = false;
  const deaf = onEndingSignal((signal) => {
    if (interrupted && signal === 'SIGINT') process.exit(130);
    if (interrupted) return;
    interrupted = true;
    progress.line('stops after the current step; Ctrl-C once more ends at once, and loses what came after the last checkpoint');
    commands.took({ action: 'stop' });
    void engine.control(run, { action: 'stop' }).catch(() => undefined);
  });
  try {
    let state: TrainingState = 'running';
    for await (const event of trainIntoRun(engine, run, writer, point, commands)) {
      progress.show(event);
      if (event.type === 'state') state = event.state;
    }
    return state;
  } catch (error) {
    // On a full disk that fails too: what made it fail is what is to be said.
    await markFailed(writer, error).catch(() => undefined);
    throw error;
  } finally {
    progress.clear();
    deaf();
  }
}
