// Whether two files are one function, from what both gave on the same inputs and from which weights moved. Invariant: `same` is only
// said where outputs of every layer agree and no weight moved by more than rounding: inputs need not reach every weight.
import type { VerifyReport } from '../../merge/report';
import type { FloatType } from '../../checkpoint/entries';
import type { ComparedWeights } from './compare-weights';
import type { DiffReport } from './report';

export type Judgement = Pick<DiffReport, 'verdict' | 'same' | 'reason' | 'firstDivergentLayer' | 'firstChangedLayer' | 'worst' | 'run'>;

/** How both were compared. */
export interface Circumstances {
  /** Whether one form was merged here to be held against the other. */
  readonly merged: boolean;
  /** The coarsest type that a weight is stored in. */
  readonly coarsest: FloatType | null;
  /** What speaks against taking names for what they say; null where nothing does. */
  readonly doubt: string | null;
}

/**
 * How far a weight may be from the other one, as a share of the largest of its tensor, and still be the same one: what conversions and
 * float32 merges leave; what a merge made elsewhere may leave (batch norms fold in another order); what half precision leaves of either.
 */
const APART = { plain: 1e-6, merged: 1e-3, half: 2 ** -8, halfMerged: 2 ** -3 };

function allowedApart({ merged, coarsest }: Circumstances): number {
  const half = coarsest === 'float16' || coarsest === 'bfloat16';
  return half ? (merged ? APART.halfMerged : APART.half) : merged ? APART.merged : APART.plain;
}

type Found = Pick<ComparedWeights, 'moved' | 'names'>;

/** Nothing was run: every value being the same proves it, anything else proves nothing. `why` says why it was not. */
export function judgeUnrun({ moved, names }: Found, { doubt }: Circumstances, why: string): Judgement {
  const unmatched = names.onlyA.length + names.onlyB.length + names.otherShape.length;
  const nothing = { firstDivergentLayer: null, firstChangedLayer: null, worst: null, run: null };
  if (moved.length === 0 && unmatched === 0 && doubt === null)
    return { ...nothing, same: true, verdict: 'same', reason: 'every weight has the same values in both files' };
  const parts = [
    ...(moved.length > 0 ? [`${counted(moved.length, 'weight')} moved`] : []),
    ...(unmatched > 0
      ? [`${counted(unmatched, 'tensor')} of one file ${unmatched === 1 ? 'has' : 'have'} no counterpart in the other`]
      : []),
    ...(doubt === null ? [] : [doubt]),
  ];
  return { ...nothing, same: false, verdict: 'unproven', reason: `${parts.join('; ')}. They were not run: ${why}` };
}

/** Both were run; `report` has A as `train` and B as `merged`. */
export function judgeRun({ moved, names }: Found, report: VerifyReport, how: Circumstances): Judgement {
  const parted = report.layers.find(({ path }) => path === report.firstDivergentLayer);
  const output = report.firstDivergentLayer === 'output' || !(report.maxRel <= report.tolerance);
  const far = moved.find(({ maxRel }) => !(maxRel <= allowedApart(how)));
  const unmatched = [...names.onlyA, ...names.onlyB, ...names.otherShape.map(({ name }) => name)];
  const worst = parted ?? null;
  const common = {
    firstDivergentLayer: report.firstDivergentLayer,
    firstChangedLayer: how.merged ? null : (report.layers.find(({ maxAbs }) => maxAbs !== 0)?.path ?? null),
    worst: worst && { layer: worst.path, index: worst.worst.index, a: worst.worst.train, b: worst.worst.merged },
    run: report,
  };
  if (output) return { ...common, same: false, verdict: 'differs', reason: `the outputs part: ${numbers(report)}` };
  if (!report.equivalent)
    return {
      ...common,
      same: false,
      verdict: 'differs',
      reason: `layers part from ${report.firstDivergentLayer} on, although the outputs on these inputs agree (${numbers(report)}); channels in another order would look so, too`,
    };
  if (far)
    return {
      ...common,
      same: false,
      verdict: 'unproven',
      reason: `outputs on these inputs agree, yet ${far.name} moved by ${far.maxAbs.toExponential(2)}, more than rounding: an input that reaches it may tell them apart`,
    };
  if (unmatched.length > 0 && !how.merged)
    return {
      ...common,
      same: false,
      verdict: 'unproven',
      reason: `outputs on these inputs agree, yet ${unmatched[0]} has no counterpart of its shape in the other file`,
    };
  const stored = report.storage === null ? '' : `; ${report.storage.text}`;
  const named = how.doubt === null ? '' : `; ${how.doubt}`;
  return { ...common, same: true, verdict: 'same', reason: `every layer agrees (${numbers(report)})${stored}${named}` };
}

function numbers({ maxAbs, maxRel, tolerance }: VerifyReport): string {
  return `max abs ${maxAbs.toExponential(2)}, relative ${maxRel.toExponential(2)}, tolerance ${tolerance.toExponential(1)}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
