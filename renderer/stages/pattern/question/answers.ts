// What the numbers of a block answer, in one sentence for each question of the stage. The words follow from the numbers by
// fixed bounds, which stand here; a block whose energy is no number gets no answer.
import { largestOf } from '@shared/base/extremes';
import type { BlockPattern, MatrixPattern } from '@shared/pattern/analyse';
import type { RowKind } from '@shared/pattern/detail';
import type { PositionMaps } from '@shared/pattern/position';
import { measured, percent } from '../../../ui/format';

/** Below this share of the radius that random weights have, a layer is called local. */
const LOCAL_BELOW = 0.75;
/** From these shares of position-specific energy on, place matters partly, and mostly. */
const PLACE_MATTERS = { partly: 0.25, mostly: 0.75 } as const;
/** Border and inside within this of each other are called even. */
const EVEN = 0.1;

export interface Answer {
  /** One word or two. */
  readonly verdict: string;
  readonly sentence: string;
}

const NO_NUMBER: Answer = { verdict: 'No number', sentence: 'some weights are NaN or infinite, so the energy is no number.' };

/** Is it local? By the radius within which half of the energy lies. */
export function localAnswer({ before, after, baselines: { random } }: BlockPattern): Answer {
  const [was, is, chance] = [before.locality, after.locality, random].map(({ halfEnergyRadius }) => halfEnergyRadius);
  if (!Number.isFinite(is)) return NO_NUMBER;
  const verdict = is < LOCAL_BELOW * chance ? 'Yes' : 'No';
  return {
    verdict,
    sentence: `half of the energy lies within ${measured(is)} px of the output's own place. Before the merge: ${measured(was)} px; random weights: ${measured(chance)} px.`,
  };
}

/** Does it depend on place? By the share of the energy that no convolution has. */
export function placeAnswer({ before, after }: Pick<BlockPattern, 'before' | 'after'>): Answer {
  const [was, is] = [before, after].map(specificShare);
  if (!Number.isFinite(is)) return NO_NUMBER;
  const verdict = is >= PLACE_MATTERS.mostly ? 'Mostly' : is >= PLACE_MATTERS.partly ? 'Partly' : 'Little';
  return {
    verdict,
    sentence: `${percent(is)} of the energy is other weights at other places, which no convolution has. Before the merge: ${percent(was)}.`,
  };
}

/** Share of the energy that is not translation-invariant. */
export function specificShare({ invariantShare }: Pick<MatrixPattern, 'invariantShare'>): number {
  return 1 - invariantShare;
}

/** Where does it look? By the border of the input map against its inside. */
export function whereAnswer(after: Pick<PositionMaps, 'inputBorder' | 'input'>): Answer {
  const { inputBorder: border } = after;
  if (after.input.some((value) => !Number.isFinite(value))) return NO_NUMBER;
  if (border === null) return { verdict: 'Everywhere', sentence: 'its partition is all border: there is no inside to compare with.' };
  const compared = `a pixel of the border is read with ${measured(border)} of the energy of one inside.`;
  if (Math.abs(border - 1) <= EVEN) return { verdict: 'Everywhere alike', sentence: compared };
  return { verdict: border < 1 ? 'Inside' : 'At the border', sentence: compared };
}

/** What kinds of rows? The commonest kind and where it looks hardest; `w` is the width of its map. */
export function kindsAnswer(kinds: readonly RowKind[], w: number): Answer {
  const total = kinds.reduce((sum, { size }) => sum + size, 0);
  const commonest = kinds.reduce<RowKind | null>((most, kind) => (most && most.size >= kind.size ? most : kind), null);
  if (!commonest || total === 0 || commonest.map.some((value) => !Number.isFinite(value))) return NO_NUMBER;
  const at = commonest.map.indexOf(largestOf(commonest.map));
  return {
    verdict: `${kinds.length} kinds`,
    sentence: `sorted by where they look; the commonest, ${percent(commonest.size / total)} of the rows, looks hardest at y ${Math.floor(at / w)}, x ${at % w}.`,
  };
}
