// The runs on this machine, with the curves of those that are shown.
import { createStore } from '../state';
import type { ListedRun } from '@shared/link/studio';
import { addEvent, emptyCurves, type RunCurves } from './curve-series';
import { notify } from '../notices';
import { studio } from '../studio';
import { addUndoableFields } from '../undo/parts';
import type { NormsEvent } from '@shared/run/norms';
import type { TrainingEvent } from '@shared/training/recipe/event';

export interface Runs {
  readonly list: readonly ListedRun[];
  /** Run folders that cannot be read, and why. */
  readonly broken: readonly { readonly path: string; readonly reason: string }[];
  readonly loaded: boolean;
  /** Runs that the service trains now. */
  readonly active: readonly string[];
  /** Names of the runs drawn in the plots. */
  readonly shown: readonly string[];
  /** Curves by run; changed in place, `version` tells when. */
  readonly curves: ReadonlyMap<string, RunCurves>;
  readonly version: number;
  /** Norms by run, epoch by epoch. */
  readonly norms: ReadonlyMap<string, readonly NormsEvent[]>;
}

export const runs = createStore<Runs>(() => ({
  list: [],
  broken: [],
  loaded: false,
  active: [],
  shown: [],
  curves: new Map(),
  version: 0,
  norms: new Map(),
}));

addUndoableFields({ name: 'shown-runs', stage: 'training', says: 'the runs in the plots' }, runs, ['shown']);

export async function refreshRuns(): Promise<void> {
  const [list, broken, active] = await Promise.all([studio().run.list(), studio().run.broken(), studio().training.active()]);
  runs.setState({ list, broken, active, loaded: true });
}

/** Draws a run's curves, or takes them out of the plots. */
export async function toggleRun(run: string): Promise<void> {
  const { shown } = runs.getState();
  if (shown.includes(run)) return runs.setState({ shown: shown.filter((name) => name !== run) });
  runs.setState({ shown: [...shown, run] });
  if (!runs.getState().curves.has(run)) await loadCurves(run);
}

/** Draws a run's curves from now on. */
export function showRun(run: string): void {
  const { shown } = runs.getState();
  if (!shown.includes(run)) runs.setState({ shown: [...shown, run] });
}

/** Which weights a PyTorch training's output is to be brought back with, where that is asked. */
export interface BackQuestion {
  readonly path: string;
  readonly question: string;
}

/**
 * Opens a run folder anywhere on the service's machine, or makes a run of what a PyTorch training wrote there, and lists it. Gives
 * the question that comes first where the training kept an average; `weights` answers it.
 */
export async function openRun(path: string, weights: 'ema' | 'raw' | null = null): Promise<BackQuestion | null> {
  const back = await studio().run.bring({ path, weights });
  if (back.kind === 'question') return { path, question: back.question };
  const run = back.kind === 'run' ? back.run : await studio().run.open({ path });
  if (back.kind === 'run') back.remarks.forEach((text) => notify('info', text));
  const others = runs.getState().list.filter(({ name }) => name !== run.name);
  runs.setState({ list: [run, ...others] });
  return null;
}

/** Reads a run's events so far into its curves, and its norms. */
export async function loadCurves(run: string): Promise<void> {
  const [metrics, norms] = await Promise.all([studio().run.metrics({ run }), studio().run.norms({ run })]);
  recordEvents(run, [...metrics, ...norms]);
}

/** Adds events to a run's curves. */
export function recordEvents(run: string, events: readonly TrainingEvent[]): void {
  const { curves, version, norms } = runs.getState();
  const own = curves.get(run) ?? emptyCurves();
  for (const event of events) addEvent(own, event);
  runs.setState({
    curves: curves.has(run) ? curves : new Map([...curves, [run, own]]),
    version: version + 1,
    norms: events.some(isNorms) ? new Map([...norms, [run, joinedNorms(norms.get(run) ?? [], events.filter(isNorms))]]) : norms,
  });
}

function isNorms(event: TrainingEvent): event is NormsEvent {
  return event.type === 'norms';
}

/** What comes again (of a resumed run) takes the place of what was there from its epoch on. */
function joinedNorms(before: readonly NormsEvent[], news: readonly NormsEvent[]): NormsEvent[] {
  return [...before.filter(({ epoch }) => epoch < news[0].epoch), ...news];
}
