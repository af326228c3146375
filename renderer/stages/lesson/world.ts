// The window's state as lessons see it, read from the stages' stores. Invariant: the same stores give the same object, so that views
// and checks may compare it.
import type { World, WorldTraining } from '@shared/lesson/world';
import { fileOf, weights } from '../../studio/network/weights';
import { network } from '../../studio/network/network';
import { navigation } from '../../studio/navigation';
import { runs } from '../../studio/runs/runs';
import { convolution } from '../convolution';
import { merge } from '../merge';
import { training } from '../training';
import { prepared } from './prepare';

let last: World | null = null;

/** What the app shows now. */
export function worldNow(): World {
  const next: World = {
    stage: navigation.getState().stage,
    scene: convolution.getState().model,
    network: networkNow(),
    verdict: merge.getState().report,
    training: trainingNow(),
    setup: prepared.getState().setup,
  };
  if (last && isSame(last, next)) return last;
  last = next;
  return next;
}

function isSame(a: World, b: World): boolean {
  return (
    a.stage === b.stage &&
    a.scene === b.scene &&
    a.verdict === b.verdict &&
    a.setup === b.setup &&
    a.network.spec === b.network.spec &&
    JSON.stringify([{ ...a.network, spec: null }, a.training]) === JSON.stringify([{ ...b.network, spec: null }, b.training])
  );
}

function networkNow(): World['network'] {
  const state = weights.getState();
  const { inFocus, reference } = state;
  const file = inFocus ? fileOf(state) : undefined;
  return {
    spec: network.getState().held,
    weights: inFocus ? reference.kind : 'none',
    file: file?.fileName ?? null,
    groups: (file?.families.groups.length ?? 0) + (file?.inside.length ?? 0),
  };
}

/** The training that was started since the lesson prepared its own. */
function trainingNow(): WorldTraining | null {
  const { run, state } = training.getState();
  if (run === null || run === prepared.getState().runBefore) return null;
  const curves = runs.getState().curves.get(run);
  const metric = curves?.verification.at(-1) ?? curves?.validationMetric.at(-1) ?? null;
  return { state: state ?? 'running', epochs: curves?.epochX.length ?? 0, metric };
}
