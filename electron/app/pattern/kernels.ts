// The pattern of a merged kernel of any family: that of the matrix it is on a map.
import { kernelGeometry, kernelMatrix, usualMap } from '@shared/merge/kernel-matrix';
import { placeText } from '@shared/merge/recipes/summaries';
import type { Pair } from '@shared/model/spec';
import { analyseMatrix, type MatrixPattern } from '@shared/pattern/analyse';
import type { MergedKernel } from '../merge/kernels';

/** A merged kernel's pattern. */
export interface KernelPattern {
  readonly path: string;
  readonly recipe: string;
  /** (O, C, K, L). */
  readonly kernel: readonly number[];
  readonly map: Pair;
  readonly after: MatrixPattern;
}

/** Analyses a kernel on a map (h, w); on one of a size to be looked at where none is given. Throws UserError for what is no odd kernel. */
export function kernelPattern({ path, recipe, weight }: MergedKernel, map: Pair | null): KernelPattern {
  const on = map ?? usualMap(weight.shape);
  const geometry = kernelGeometry(placeText(path), weight.shape, on);
  const [, , K, L] = weight.shape;
  return {
    path,
    recipe,
    kernel: weight.shape,
    map: on,
    after: analyseMatrix(kernelMatrix(placeText(path), weight, on), geometry, Math.max(K, L)),
  };
}
