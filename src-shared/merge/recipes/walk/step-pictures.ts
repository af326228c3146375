// The arrays of a merge step as pictures: kernels as tiles with a zero between neighbours, outputs down and inputs across; of a
// depthwise convolution a near-square of its kernels. Invariant: a picture says how many of the output channels it shows.
import { z } from 'zod';
import { computed, type Stored } from '../../../base/sent';
import type { Step } from '../schema';
import { elementCount } from '../../../tensor/tensor';
import { asMatrix, reduceMatrix, type Matrix, reducedMatrixSchema } from '../../../matrix/reduce-to-page';
import { indexText, type Indexes } from '../key-pattern';
import type { StepArray, WalkedStep } from './walk-steps';

export const arrayPictureSchema = z.object({
  label: z.string(),
  shape: z.array(computed),
  picture: reducedMatrixSchema,
  /** Output channels in the picture, of shape[0]. */
  outputs: computed,
});
/** One array as a picture. */
export type ArrayPicture = Stored<z.infer<typeof arrayPictureSchema>>;

export const picturedStepSchema = z.object({
  name: z.string(),
  op: z.custom<Step['op']>((value) => typeof value === 'string'),
  explain: z.string(),
  /** The module of the merged form that this step is; null for steps in between. */
  merged: z.string().nullable(),
  /** The step as a call: `folded = foldBnAfter(conv, bn)`. */
  call: z.string(),
  before: z.array(arrayPictureSchema),
  after: z.array(arrayPictureSchema),
});
/** One step with its arrays as pictures: weights apart from what is a value per channel. */
export type PicturedStep = Stored<z.infer<typeof picturedStepSchema>>;

/** Values of an array that are drawn at most: more output channels are left out, and said. */
const MOST_VALUES = 2 ** 21;

/** The step with pictures of at most `limit` cells a side. */
export function picturedStep({ operands, norms, arrays, ...step }: WalkedStep, limit: number): PicturedStep {
  const names = [...new Set([...operands, ...norms].map(({ name }) => name))];
  const vectors = norms.flatMap(({ name, indexes, scale, shift }) => [
    vectorPicture(`${labelOf(name, indexes)}: factor`, scale, limit),
    vectorPicture(`${labelOf(name, indexes)}: shift`, shift, limit),
  ]);
  return {
    ...step,
    call: `${step.name} = ${step.op}(${names.join(', ')})`,
    before: [...operands.flatMap((array) => arrayPictures(array, limit)), ...vectors],
    after: arrays.flatMap((array) => arrayPictures(array, limit)),
  };
}

/** The weight, and its bias where it has one. */
function arrayPictures(array: StepArray, limit: number): ArrayPicture[] {
  const { shape, bias, name, indexes } = array;
  const outputs = Math.max(1, Math.min(shape[0] ?? 1, Math.floor(MOST_VALUES / Math.max(1, elementCount(shape.slice(1))))));
  const { rows, columns, data } = tiles(Float32Array.from(array.rows(0, outputs)), [outputs, ...shape.slice(1)]);
  const label = labelOf(name, indexes);
  const weight = { label, shape, outputs, picture: reduceMatrix(data, rows, columns, limit) };
  return bias === null ? [weight] : [weight, vectorPicture(`${label}: bias`, bias, limit)];
}

function vectorPicture(label: string, values: Float64Array, limit: number): ArrayPicture {
  const picture = reduceMatrix(Float32Array.from(values), 1, values.length, limit);
  return { label, shape: [values.length], outputs: values.length, picture };
}

function labelOf(name: string, indexes: Indexes): string {
  const text = indexText(indexes);
  return text === '' ? name : `${name} (${text})`;
}

/** Kernels as tiles; everything else as one matrix. */
export function tiles(values: Float32Array, shape: readonly number[]): Matrix {
  const [O, C, K, L] = shape;
  if (shape.length === 1) return { rows: 1, columns: O, data: values };
  if (shape.length !== 4 || K * L === 1) return asMatrix(values, shape.length === 4 ? [O, C] : shape);
  const across = C === 1 ? Math.ceil(Math.sqrt(O)) : C;
  const down = Math.ceil((O * C) / across);
  const [rows, columns] = [down * (K + 1) - 1, across * (L + 1) - 1];
  const data = new Float32Array(rows * columns);
  for (let kernel = 0; kernel < O * C; kernel++) {
    const [top, left] = [Math.floor(kernel / across) * (K + 1), (kernel % across) * (L + 1)];
    for (let u = 0; u < K; u++) data.set(values.subarray((kernel * K + u) * L, (kernel * K + u + 1) * L), (top + u) * columns + left);
  }
  return { rows, columns, data };
}
