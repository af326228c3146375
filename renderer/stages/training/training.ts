// The training under way: started, watched and controlled from here. The service owns it; closing
// the window does not stop it, and a window opened later picks it up again.
import { z } from 'zod';
import { trainingConfigSchema } from '@shared/training/recipe/recipe-schema';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import type { NetworkSpec } from '@shared/model/spec';
import type { BackendChoice, BackendName, Recipe, RunSeeds, TrainingConfig, TrainingControl } from '@shared/training/recipe/recipe';
import type { TrainingEvent, TrainingState } from '@shared/training/recipe/event';
import { messageOf } from '@shared/base/message-of';
import { attempt, notify } from '../../studio/notices';
import { loadCurves, recordEvents, refreshRuns, runs, showRun } from '../../studio/runs/runs';
import { newestCheckpoint } from '@shared/run/checkpoints';
import { chooseWeights } from '../../studio/network/weights';
import { studio } from '../../studio/studio';
import { seed } from '@shared/tensor/random';
import { network } from '../../studio/network/network';
import { dataset } from '../dataset';
import { stageName } from '../../studio/navigation';
import { asSentence } from '../../ui/format';

export interface Training {
  readonly run: string | null;
  readonly state: TrainingState | null;
  readonly message: string;
  /** `inWindow`: a page computes, whose end takes the training back to its last checkpoint. `change`: the run had another backend before. */
  readonly backend: { readonly name: BackendName; readonly reason: string; readonly inWindow: boolean; readonly change: string } | null;
  /** What the next run starts with. */
  readonly recipe: Recipe | null;
  readonly seed: number;
  /** Seeds that are not `seed`. */
  readonly seeds: Partial<RunSeeds>;
  readonly choice: BackendChoice;
  readonly name: string;
}

export const training = createStore<Training>(() => ({
  run: null,
  state: null,
  message: '',
  backend: null,
  recipe: null,
  seed: 1,
  seeds: {},
  choice: 'auto',
  name: '',
}));

const { recipe, seed: oneSeed, seeds } = trainingConfigSchema.shape;
keepView(
  'training',
  training,
  z.object({
    recipe: recipe.nullable(),
    seed: oneSeed,
    seeds: seeds.unwrap(),
    choice: trainingConfigSchema.shape.backend,
    name: z.string(),
  }),
);

const PUBLISH_MILLISECONDS = 120;

/** Whether a training is running or paused. */
export function isActive(): boolean {
  const { run, state } = training.getState();
  return run !== null && (state === 'running' || state === 'paused' || state === null);
}

/** Starts a run with the chosen model, data and recipe, and watches it; `first` holds from its first step on. */
export async function startTraining(first: readonly TrainingControl[] = []): Promise<void> {
  const config = configOfNextRun();
  const { run } = await studio().training.start({ config, name: training.getState().name.trim() || runName(config.spec), first });
  void followRun(run);
}

/** What the next run starts from. Throws where the chosen network cannot be built. */
export function configOfNextRun(): TrainingConfig {
  const { spec } = network.getState();
  if (!spec) throw new Error(`The chosen model cannot be built; correct its settings in ${stageName('model')} first.`);
  return nextConfig(spec);
}

/** What a run of a network starts from, with the chosen data, recipe, seeds and backend. */
export function nextConfig(spec: NetworkSpec): TrainingConfig {
  const { recipe, seed: start, seeds, choice } = training.getState();
  if (!recipe) throw new Error('Choose a recipe first.');
  return { spec, dataset: dataset.getState().reference, recipe, seed: seed(start), seeds, backend: choice };
}

/** The name of a run that was given none. */
export function runName(spec: NetworkSpec): string {
  return `${spec.name}-seed${training.getState().seed}`;
}

/** Goes on with a run; with `epochs` up to so many. */
export async function resumeRun(name: string, epochs?: number): Promise<void> {
  const { run, notes } = await studio().training.resume({ run: name, epochs });
  for (const note of notes) notify('warning', note);
  await loadCurves(run);
  void followRun(run);
}

export async function controlTraining(control: TrainingControl): Promise<void> {
  const { run } = training.getState();
  if (run) await studio().training.control({ run, control });
}

/** Picks up a run that is already training, after the window was opened or reloaded, or the service was reached again. */
export async function followActiveRun(): Promise<void> {
  const active = await studio().training.active();
  const { run: watched } = training.getState();
  // What was watched ended with the service that trained it.
  if (watched !== null && isActive() && !active.includes(watched))
    training.setState({ state: 'stopped', message: 'its service ended; Resume goes on from its last checkpoint' });
  if (active.length > 0) await pickUpRun(active[0]);
}

/** Runs that were picked up and have not ended. */
const pickedUp = new Set<string>();

/** Watches a run that somebody else started, once, to its end. */
export async function pickUpRun(run: string): Promise<void> {
  if (pickedUp.has(run)) return;
  pickedUp.add(run);
  try {
    await loadCurves(run);
    await followRun(run);
  } finally {
    pickedUp.delete(run);
  }
}

/** Watches a run to its end; never rejects. */
async function followRun(run: string): Promise<void> {
  training.setState({ run, state: null, message: '', backend: null });
  showRun(run);
  await watchRun(run).catch((error: unknown) => lostSight(run, error));
  if (training.getState().run === run && isActive()) training.setState({ state: recordedState(run) ?? 'stopped' });
}

function recordedState(run: string): TrainingState | undefined {
  return runs.getState().list.find(({ name }) => name === run)?.state;
}

/** A run that ended before it could be watched, or whose service is gone: what is on disk tells its state. */
async function lostSight(run: string, error: unknown): Promise<void> {
  if (!(await serviceAnswers())) {
    // That it is gone is said above all stages.
    if (training.getState().run === run) training.setState({ message: 'not watched while its service cannot be reached' });
    return;
  }
  await attempt(refreshRuns);
  if (training.getState().run === run) training.setState({ state: recordedState(run) ?? 'failed', message: messageOf(error) });
  notify('error', `${run} is no longer watched: ${messageOf(error)}`);
}

async function serviceAnswers(): Promise<boolean> {
  try {
    await studio().app.info();
    return true;
  } catch {
    return false;
  }
}

async function watchRun(run: string): Promise<void> {
  void refreshRuns();
  let waiting: TrainingEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const publish = () => {
    timer = undefined;
    recordEvents(run, waiting);
    waiting = [];
  };
  for await (const event of await studio().training.watch({ run })) {
    waiting.push(event);
    takeNews(run, event);
    timer ??= setTimeout(publish, PUBLISH_MILLISECONDS);
  }
  clearTimeout(timer);
  publish();
  await refreshRuns();
}

/** The weights a run ended with are those of its network from now on, where that is still the current one; whether it was. */
async function takeTrained(run: string): Promise<boolean> {
  await refreshRuns();
  const listed = runs.getState().list.find(({ name }) => name === run);
  const newest = listed && newestCheckpoint(listed);
  if (!newest || JSON.stringify(network.getState().spec) !== JSON.stringify(listed.config.spec)) return false;
  chooseWeights({ kind: 'run', run, checkpoint: newest.file });
  return true;
}

async function sayEnd(run: string, state: 'finished' | 'stopped', message: string): Promise<void> {
  const taken = await takeTrained(run);
  const more = message === '' ? '' : ` ${asSentence(message.replace(/\.$/, ''))}`;
  if (taken) notify('success', `${run} has ${state}, and is the current network.${more}`);
  else if (state === 'finished') notify('success', `${run} has finished.${more}`);
}

function takeNews(run: string, event: TrainingEvent): void {
  if (training.getState().run !== run) return;
  if (event.type === 'backend')
    training.setState({
      backend: { name: event.backend, reason: event.reason, inWindow: event.inWindow ?? false, change: event.change ?? '' },
    });
  if (event.type !== 'step' && event.type !== 'norms') void attempt(refreshRuns);
  if (event.type === 'step' && training.getState().state === null) training.setState({ state: 'running' });
  if (event.type !== 'state') return;
  training.setState({ state: event.state, message: event.message });
  if (event.state === 'failed') notify('error', event.message);
  if (event.mended) notify('info', `${run}: ${event.message}`);
  const { state: ended } = event;
  if (ended === 'finished' || ended === 'stopped') void attempt(() => sayEnd(run, ended, event.message));
}
