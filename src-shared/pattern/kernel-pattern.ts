// The pattern of a merged kernel of any family: that of the matrix it is on a map.
import { pair } from '../model/leaves/fields';
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import { kernelGeometry, kernelMatrix, usualMap } from '../merge/kernel-matrix';
import { placeText } from '../merge/recipes/summaries';
import type { FcShape } from '../matrix/geometry';
import type { Pair } from '../model/spec';
import type { Tensor } from '../tensor/tensor';
import { analyseMatrix, matrixPatternSchema } from './analyse';

/** A merged layer by name: its module (empty where it is the whole file), the recipe it is from, and its weight. */
export interface NamedKernel {
  readonly path: string;
  readonly recipe: string;
  readonly weight: Tensor;
}

export const kernelPatternSchema = z.object({
  path: z.string(),
  recipe: z.string(),
  /** (O, C, K, L). */
  kernel: z.array(computed),
  map: pair,
  after: matrixPatternSchema,
});
/** A merged kernel's pattern. */
export type KernelPattern = Stored<z.infer<typeof kernelPatternSchema>>;

/** Whether a kernel looks at more than one place: a pattern is told of no other. */
export function looksAround(shape: readonly number[]): boolean {
  return shape.length === 4 && shape[2] * shape[3] > 1;
}

/** Analyses a kernel on a map (h, w); on one of a size to be looked at where none is given. Throws UserError for what is no odd kernel. */
export function kernelPattern({ path, recipe, weight }: NamedKernel, map: Pair | null): KernelPattern {
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

/** The matrix of a kernel's pattern as patterns and plots take it. */
export function shapeOfPattern({ path, kernel, map }: Pick<KernelPattern, 'path' | 'kernel' | 'map'>): FcShape {
  return kernelGeometry(placeText(path), kernel, map);
}
