// Tensors of a merged file held against those of its train form, without inputs: no input needs to reach every weight,
// for behind a ReLU that none of them opens anything may stand. What a merge leaves alone has to be the same; what it
// makes has to be, roughly, what the merge here makes of the train form (how exactly is for the outputs to say).
import type { FloatType } from '../checkpoint/entries';
import { mergeLayer } from '../merge/merge-layer';
import type { LayerComparison, VerifyReport } from '../merge/report';
import { isMergeable, type MergeableLayer } from '../model/merged-spec';
import { leafParameters } from '../model/parameters';
import type { LeafSpec } from '../model/spec';
import type { LeafVisit } from '../model/walk';
import { isFloating, toFloatType, toNumbers } from '../tensor/convert';
import { sameShape, type NamedTensors, type Tensor } from '../tensor/tensor';
import { indexOf, sameBits } from './compare-arrays';
import { coarsestOwnType } from './stored-rounding';

/** Tensors that differ, as lines of a report that is then not one of equivalence. */
export function withDiffering(report: VerifyReport, differing: readonly LayerComparison[]): VerifyReport {
  if (differing.length === 0) return report;
  const firstDivergentLayer = report.firstDivergentLayer ?? differing[0].path;
  return { ...report, equivalent: false, layers: [...report.layers, ...differing], firstDivergentLayer };
}

/** The tensors that a merge makes anew, below the layers it changes. */
const MADE = /^(fc3|fc1_fc2\.fc1|conv)\.(weight|bias)$/;

/** Of the tensors a merge leaves alone, those that differ by more than storing them in half precision can have done. */
export function untouched(
  leaves: readonly Pick<LeafVisit, 'layer' | 'path'>[],
  train: NamedTensors,
  merged: NamedTensors,
): LayerComparison[] {
  return leaves.flatMap(({ layer, path }) =>
    leafParameters(layer, path).flatMap(({ name, role }) => {
      const made = isMergeable(layer, { fuseAllConvBn: true }) && MADE.test(path === '' ? name : name.slice(path.length + 1));
      const [before, after] = [train.get(name), merged.get(name)];
      if (made || role === 'counter' || !before || !after) return [];
      return differing(name, before, after).filter(({ maxRel }) => !(maxRel <= HALF_ROUNDING));
    }),
  );
}

/** Unit roundoff of bfloat16: what a value may have lost on its way through the coarsest type. */
const HALF_ROUNDING = 2 ** -8;

/** Whether a merge changed a layer: `merged` is what stands in its place. */
export function isChanged(layer: LeafSpec, merged: LeafSpec | undefined): boolean {
  return isMergeable(layer, { fuseAllConvBn: true }) && merged !== undefined && 'form' in merged && merged.form === 'merged';
}

/**
 * How far a made tensor may be from the one made here, as a share of its largest value: no float32 conversion comes near it, and
 * outputs are judged far more strictly. Where one of the forms was rounded to half precision the factors of its batch norms are
 * off by up to 2^-8 each, and sums of them by more.
 */
const MADE_APART = { exact: 1e-3, halved: 2 ** -3 };

/** Of the tensors that a merge makes of these layers, those that are others than the merge here makes. */
export function madeOtherwise(
  leaves: readonly Pick<LeafVisit, 'layer' | 'path'>[],
  train: NamedTensors,
  merged: NamedTensors,
): LayerComparison[] {
  const isHalved = coarsestOwnType(train, merged) !== null || coarsestOwnType(merged, train) !== null;
  const apart = isHalved ? MADE_APART.halved : MADE_APART.exact;
  return leaves.flatMap(({ layer, path }) =>
    [...mergeLayer(layer as MergeableLayer, train, path)].flatMap(([name, own]) => {
      const found = merged.get(name);
      if (found === undefined) return [];
      const far = differing(name, own, found).filter(({ maxRel }) => !(maxRel <= apart));
      return far.map((line) => ({ ...line, kind: 'merged tensor', tolerance: apart }));
    }),
  );
}

/** A tensor that is not the same in both, but for rounding to the type the merged file stores it in. */
export function differing(name: string, train: Tensor, merged: Tensor): LayerComparison[] {
  if (train === merged) return [];
  const about = { path: name, kind: 'tensor', tolerance: 0, equivalent: false, unusable: null } as const;
  if (!sameShape(train.shape, merged.shape))
    return [{ ...about, maxAbs: Infinity, maxRel: Infinity, scale: 0, worst: { index: [], train: NaN, merged: NaN } }];
  const rounded = isFloating(train.dtype) && isFloating(merged.dtype) ? toFloatType(train, merged.dtype as FloatType) : train;
  const [a, b] = [toNumbers(rounded), toNumbers(merged)];
  if (sameBits(a, b)) return [];
  let [worst, maxAbs, scale] = [-1, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(a[i]) > scale) scale = Math.abs(a[i]);
    const difference = Object.is(a[i], b[i]) || a[i] === b[i] ? 0 : Math.abs(a[i] - b[i]);
    if (difference === 0 || (worst >= 0 && !(difference > maxAbs))) continue;
    [worst, maxAbs] = [i, Number.isNaN(difference) ? Infinity : difference];
  }
  if (worst < 0) return [];
  const at = { index: indexOf(worst, train.shape), train: a[worst], merged: b[worst] };
  return [{ ...about, maxAbs, maxRel: scale > 0 ? maxAbs / scale : Infinity, scale, worst: at }];
}
