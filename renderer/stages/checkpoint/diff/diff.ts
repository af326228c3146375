// The difference between the weights in focus, A, and those of the second network, B: asked for, computed by the service, thrown away
// as soon as either is another. Invariant: what is shown is of the two that are named beside it.
import type { WeightsReference } from '@shared/link/studio';
import type { DiffReport } from '@shared/proof/diff/report';
import { comparison } from '../../../studio/network/comparison';
import { keyOf, weights } from '../../../studio/network/weights';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';

export interface DiffState {
  readonly busy: boolean;
  readonly report: DiffReport | null;
}

export const diff = createStore<DiffState>(() => ({ busy: false, report: null }));

/** Both sides; null where either has no weights. */
export function diffPair(): { readonly a: WeightsReference; readonly b: WeightsReference } | null {
  const { reference, inFocus } = weights.getState();
  const { subject } = comparison.getState();
  return inFocus && subject?.kind === 'weights' ? { a: reference, b: subject.reference } : null;
}

function pairKey(): string {
  const pair = diffPair();
  return pair === null ? '' : `${keyOf(pair.a)} ${keyOf(pair.b)} ${weights.getState().reading}`;
}

let running: AbortController | null = null;

/** Compares A with B. */
export async function compareFiles(): Promise<void> {
  const pair = diffPair();
  if (pair === null) throw new Error('Choose a second set of weights, B, first.');
  stopDiff();
  const own = (running = new AbortController());
  diff.setState({ busy: true, report: null });
  try {
    const report = await studio().checkpoint.diff({ ...pair, seed: 1, batch: 1 }, { signal: own.signal });
    if (running === own) diff.setState({ report });
  } finally {
    if (running === own) diff.setState({ busy: false });
  }
}

export function stopDiff(): void {
  running?.abort();
  running = null;
  diff.setState({ busy: false });
}

let about = pairKey();
function follow(): void {
  const key = pairKey();
  if (key === about) return;
  about = key;
  stopDiff();
  diff.setState({ report: null });
}
weights.subscribe(follow);
comparison.subscribe(follow);
