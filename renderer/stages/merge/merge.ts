// The merge of the weights in focus: progress, the merged weights, and the verdict on them.
import { createStore } from '../../studio/state';
import { addUndoableFields } from '../../studio/undo/parts';
import type { FloatType } from '@shared/checkpoint/entries';
import type { OpenedCheckpoint, WeightsReference } from '@shared/link/studio';
import type { MergeProgress, MergeSummary, VerifyReport } from '@shared/merge/report';
import { studio } from '../../studio/studio';
import { keyOf, weights } from '../../studio/network/weights';

export interface Merge {
  readonly busy: 'merging' | 'verifying' | null;
  readonly progress: MergeProgress | null;
  /** How many inputs of all the proof has gone through. */
  readonly verified: { readonly done: number; readonly total: number } | null;
  /** What was merged and what came of it. */
  readonly source: WeightsReference | null;
  readonly merged: WeightsReference | null;
  readonly summary: MergeSummary | null;
  readonly report: VerifyReport | null;
  /** The file made elsewhere that `merged` is; null where it was merged here. */
  readonly against: string | null;
  readonly fuseAllConvBn: boolean;
  /** Type the merged weights are saved in, and the proof computes with; null: as they are. */
  readonly storeAs: FloatType | null;
  readonly seed: number;
  readonly batch: number;
}

const NOTHING = { progress: null, verified: null, source: null, merged: null, summary: null, report: null, against: null };
export const merge = createStore<Merge>(() => ({ ...NOTHING, busy: null, fuseAllConvBn: false, storeAs: null, seed: 1, batch: 8 }));

addUndoableFields({ name: 'merge', stage: 'merge', says: 'settings' }, merge, ['fuseAllConvBn', 'storeAs', 'seed', 'batch']);

// Another choice of weights, or another reading of the file they come from, makes the old verdict meaningless.
weights.subscribe(({ reference, reading }, before) => {
  if (keyOf(reference) !== keyOf(before.reference) || reading !== before.reading) merge.setState(NOTHING);
});

// So does another size of their inputs.
weights.subscribe(({ opened }, before) => {
  const { source } = merge.getState();
  if (source?.kind !== 'file' || opened === before.opened) return;
  const inputOf = (files: typeof opened): string => JSON.stringify(files.find(({ id }) => id === source.id)?.recognised?.spec.input);
  if (inputOf(opened) !== inputOf(before.opened)) merge.setState(NOTHING);
});

/** Merges the weights in focus, then verifies the result. */
export async function runMerge(): Promise<void> {
  const source = weights.getState().reference;
  merge.setState({ ...NOTHING, busy: 'merging', source });
  try {
    const events = await studio().merge.run({ weights: source, fuseAllConvBn: merge.getState().fuseAllConvBn });
    for await (const event of events) {
      if (event.type === 'progress') merge.setState({ progress: event.progress });
      else merge.setState({ merged: event.merged, summary: event.summary });
    }
  } finally {
    merge.setState({ busy: null });
  }
  await verifyMerge();
}

/** Opens a file without making it the current network. */
export async function openBeside(path: string): Promise<OpenedCheckpoint> {
  const file = await studio().checkpoint.open({ path });
  weights.setState(({ opened }) => ({ opened: [...opened, file] }));
  return file;
}

/** Judges a merged file made elsewhere against the weights in focus. */
export async function verifyAgainst({ id, fileName }: OpenedCheckpoint): Promise<void> {
  const { reference } = weights.getState();
  merge.setState({ ...NOTHING, source: reference, merged: { kind: 'file', id }, against: fileName, storeAs: null });
  await verifyMerge();
}

/** Judges weights that were merged elsewhere against what they were merged from. */
export async function judgeMerged(source: WeightsReference, merged: WeightsReference): Promise<void> {
  merge.setState({ ...NOTHING, source, merged });
  await verifyMerge();
}

/** Compares the merged weights with what they were merged from, layer by layer. */
export async function verifyMerge(): Promise<void> {
  const { source, merged, seed, batch, storeAs } = merge.getState();
  if (!source || !merged) throw new Error('Merge first: there is nothing to verify yet.');
  merge.setState({ busy: 'verifying', report: null });
  try {
    for await (const step of await studio().merge.verify({ train: source, merged, seed, batch, storedAs: storeAs ?? undefined })) {
      if (merge.getState().merged !== merged) break;
      if (step.type === 'progress') merge.setState({ verified: step });
      else merge.setState({ report: step.report });
    }
  } finally {
    merge.setState({ busy: null, verified: null });
  }
}

/** Chooses the type the merged weights are stored in; a verdict on another type is taken again. */
export async function storeMergedAs(storeAs: FloatType | null): Promise<void> {
  merge.setState({ storeAs });
  if (merge.getState().merged && merge.getState().busy === null) await verifyMerge();
}
