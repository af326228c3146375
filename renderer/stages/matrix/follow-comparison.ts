// The matrices compare with the weights of network B as soon as it is chosen, wherever that is. Invariant: `other` of the
// explorer is B's weights or null, where A is looked at by itself: B has no weights, or another picture led to A's matrices.
import type { WeightsReference } from '@shared/link/studio';
import { comparison, subjectKey } from '../../studio/network/comparison';
import { attempt } from '../../studio/notices';
import { studio } from '../../studio/studio';
import { keyOf, labelOf, weights } from '../../studio/network/weights';
import { explorer } from './explorer';

comparison.subscribe(({ subject }, before) => {
  // Read again, the same B leaves A by itself where it was looked at so.
  if (subjectKey(subject) === subjectKey(before.subject)) return;
  const reference = subject?.kind === 'weights' ? subject.reference : null;
  // Nothing of the last B is shown as if it were this one, whose blocks are still to be asked for.
  explorer.setState({ other: null, lit: null });
  if (reference !== null) void attempt(() => compareWithWeights(reference));
});

/** Compares with a block of other weights, of the same name if they have one. */
export async function compareWithWeights(reference: WeightsReference): Promise<void> {
  const blocks = await studio().merge.blocks({ weights: reference });
  const { subject } = comparison.getState();
  // Another B was chosen meanwhile.
  if (subject?.kind !== 'weights' || keyOf(subject.reference) !== keyOf(reference)) return;
  const { block, tensor, opened } = weights.getState();
  if (blocks.length === 0 && tensor === null)
    throw new Error(`${labelOf(reference, opened)} holds no RepMLP block to compare with: choose other weights, or a weight above.`);
  const other = { reference, blocks, block: block !== null && blocks.includes(block) ? block : (blocks[0] ?? '') };
  explorer.setState({ other, lit: null });
}
