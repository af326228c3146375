// What is done with runs from the window: described, renamed, deleted into the trash, pinned as the baseline. Whoever looks at
// weights of a run that gets another name goes on looking at them.
import { tagsOf } from '@shared/run/remarks';
import { createStore } from '../../../studio/state';
import { comparison, compareWith } from '../../../studio/network/comparison';
import { notify } from '../../../studio/notices';
import { refreshRuns, runs } from '../../../studio/runs/runs';
import { studio } from '../../../studio/studio';
import { BUNDLED, chooseWeights, followWeights, weights } from '../../../studio/network/weights';

/** The run whose name, tags and note are being changed; null while none is. */
export const editedRun = createStore<{ readonly run: string | null }>(() => ({ run: null }));

export async function describeRun(run: string, tags: string, note: string): Promise<void> {
  await studio().run.describe({ run, tags: tagsOf(tags), note });
  await refreshRuns();
}

export async function renameRun(run: string, name: string): Promise<void> {
  const { run: now } = await studio().run.rename({ run, name });
  if (now === run) return;
  await refreshRuns();
  const { shown } = runs.getState();
  runs.setState({ shown: shown.map((one) => (one === run ? now : one)) });
  const { reference, inFocus } = weights.getState();
  if (inFocus && reference.kind === 'run' && reference.run === run) followWeights({ ...reference, run: now });
  const { subject } = comparison.getState();
  if (subject?.kind === 'weights' && subject.reference.kind === 'run' && subject.reference.run === run)
    compareWith({ kind: 'weights', reference: { ...subject.reference, run: now } });
  editedRun.setState({ run: now });
}

/** Moves a run into the trash. Where its weights were the current network, the bundled one is. */
export async function deleteRun(run: string): Promise<void> {
  const { where } = await studio().run.remove({ run });
  editedRun.setState({ run: null });
  runs.setState(({ shown }) => ({ shown: shown.filter((one) => one !== run) }));
  const { reference, inFocus } = weights.getState();
  const wasCurrent = inFocus && reference.kind === 'run' && reference.run === run;
  if (wasCurrent) chooseWeights(BUNDLED);
  const { subject } = comparison.getState();
  if (subject?.kind === 'weights' && subject.reference.kind === 'run' && subject.reference.run === run) compareWith(null);
  await refreshRuns();
  notify('success', `${run} is in ${where}.${wasCurrent ? ' The network that comes with the program is the current one now.' : ''}`);
}

/** Holds the other runs against this one, or against none. */
export async function pinRun(run: string | null): Promise<void> {
  await studio().run.pin({ run });
  await refreshRuns();
}
