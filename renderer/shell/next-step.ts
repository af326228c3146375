// The story: what a finished step of a stage offers next, in one press. Invariant: nothing is offered that the current
// network has not got, such as a proof of weights that are merged already.
import { newestCheckpoint } from '@shared/run/checkpoints';
import { askForFigure } from '../studio/asked-figure';
import { refusedOn } from '../studio/drafts';
import { mergeableIn } from '../studio/families/families';
import { goTo, type Stage } from '../studio/navigation';
import { network } from '../studio/network/network';
import { runs } from '../studio/runs/runs';
import { chooseWeights, keyOf, weights, fileOf, isUndecided } from '../studio/network/weights';
import { dataset, reasonNotToTrain } from '../stages/dataset';
import { merge, runMerge } from '../stages/merge';
import { training } from '../stages/training';

export interface NextStep {
  /** What was reached. */
  readonly says: string;
  readonly label: string;
  readonly run: () => unknown;
}

/** What comes after what was done on a stage; null where nothing is done yet. */
export function nextStep(stage: Stage): NextStep | null {
  return STEPS[stage]();
}

const STEPS: Readonly<Record<Stage, () => NextStep | null>> = {
  home: () => null,
  lesson: () => null,
  convolution: () => null,
  dataset: afterData,
  model: afterModel,
  training: afterTraining,
  checkpoint: afterOpening,
  merge: afterMerge,
  matrix: () =>
    inFocus(
      { says: 'These are the matrices.', label: 'See where it looks', run: () => goTo('pattern') },
      { ...seeCost, says: 'These are the weights as matrices.' },
    ),
  pattern: () => inFocus(seeCost),
  cost: () => (network.getState().spec ? { says: 'This is what it costs.', label: 'Put it in a figure', run: figureOfNetwork } : null),
  figure: () => null,
  settings: () => null,
};

const seeCost: NextStep = { says: 'This is where it looks.', label: 'See what it costs', run: () => goTo('cost') };

/** Of weights that have blocks; `otherwise` of those known to have none. */
function inFocus(step: NextStep, otherwise: NextStep = step): NextStep | null {
  const { inFocus: has, blocks } = weights.getState();
  if (!has) return null;
  return blocks?.length === 0 ? otherwise : step;
}

/** Whether the weights in focus can be merged: in train form, or with such blocks, or groups of other families, in their file. */
function canMerge(): boolean {
  if (!weights.getState().inFocus) return false;
  if (network.getState().held?.form === 'train') return true;
  const file = fileOf(weights.getState());
  return file !== undefined && mergeableIn(file) > 0;
}

/** Whether partitions of the file in focus, or a number that no weights hold, have to be said first. */
function isOpenQuestion(): boolean {
  const file = fileOf(weights.getState());
  if (file === undefined) return false;
  return isUndecided(file) || file.families.settings.some(({ usual, given }) => usual === null && given === null);
}

function mergeNext(says: string): NextStep | null {
  return canMerge() && !isOpenQuestion() ? { says, label: 'Merge and prove it', run: mergeAndProve } : null;
}

/** Merges the current network where that has not been done, in the stage that shows it. */
async function mergeAndProve(): Promise<void> {
  goTo('merge');
  const { source, busy, report } = merge.getState();
  const { reference } = weights.getState();
  const done = report !== null && source !== null && keyOf(source) === keyOf(reference);
  if (!done && busy === null) await runMerge();
}

/** Nothing where a field waits, or the data do not fit the network: what is to be done then stands on the stage. */
function afterData(): NextStep | null {
  const { spec } = network.getState();
  if (refusedOn('dataset') !== null || (spec && reasonNotToTrain(spec, dataset.getState()) !== null)) return null;
  return { says: 'These are the data of the next run.', label: 'Train on them', run: () => goTo('training') };
}

function afterModel(): NextStep | null {
  if (weights.getState().inFocus) return mergeNext('This network has weights.');
  if (network.getState().spec === null || refusedOn('model') !== null) return null;
  return { says: 'This network has no weights yet.', label: 'Train it', run: () => goTo('training') };
}

function afterTraining(): NextStep | null {
  const { run, state } = training.getState();
  const listed = runs.getState().list.find(({ name }) => name === run);
  const newest = listed && newestCheckpoint(listed);
  if (run !== null && newest && (state === 'finished' || state === 'stopped')) {
    const take = (): Promise<void> => {
      chooseWeights({ kind: 'run', run, checkpoint: newest.file });
      return mergeAndProve();
    };
    return { says: `${run} has ${state}.`, label: 'Merge and prove it', run: take };
  }
  const { inFocus: has, reference, label } = weights.getState();
  return has && reference.kind === 'run' && state !== 'running' ? mergeNext(`${label} is trained.`) : null;
}

function afterOpening(): NextStep | null {
  const { reference, label, inFocus: has } = weights.getState();
  if (!has || reference.kind === 'bundled') return null;
  return (
    mergeNext(`${label} is the current network.`) ??
    inFocus({ says: `${label} is open.`, label: 'See its matrices', run: () => goTo('matrix') })
  );
}

function afterMerge(): NextStep | null {
  const { report, busy } = merge.getState();
  if (!report || busy !== null) return null;
  const says = report.equivalent ? 'Merged, and proved equivalent.' : 'Not equivalent: the matrices show what was merged.';
  return { says, label: 'See the matrices', run: () => goTo('matrix') };
}

/** The matrices of the network where it has any, else what it costs. */
function figureOfNetwork(): void {
  const { inFocus: has, blocks } = weights.getState();
  askForFigure(has && blocks !== null && blocks.length > 0 ? { kind: 'matrices', change: {} } : { kind: 'cost-bars', change: {} });
}
