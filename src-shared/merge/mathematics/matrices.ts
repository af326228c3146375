// FC3 of one block as the explorer shows it: the BN-folded FC alone, what the conv branches add, and the
// merged matrix; and for one cell, where its value comes from.
import { z } from 'zod';
import { computed, count, type Stored } from '../../base/sent';
import type { NetworkSpec, RepBlock } from '../../model/spec';
import type { NamedTensors } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { repBlockAt } from '../block-at';
import { convToFc, mergedMatrix } from './fc-matrix';
import { cellIndexOf, cellIndexSchema, columnsOf, fcShapeOf, rowsOf, type CellIndex, type FcShape } from '../../matrix/geometry';
import type { Kernel } from './kernels';
import { branchesOf, fc3NormAt, kernelOf, realsAt } from '../merge-layer';
import type { BlockMatrices } from '../report';

/**
 * The three matrices of the train-form block at `path`, (O*h*w, C*h*w/g) row-major; after = before + added in float32.
 * Throws UserError if there is no such block or it is merged already.
 */
export function blockMatrices(spec: NetworkSpec, weights: NamedTensors, path: string): BlockMatrices {
  return matricesOf(trainBlockAt(spec, path), weights, path);
}

/** `blockMatrices` of a train-form block of which only its own tensors are at hand. */
export function matricesOf(block: RepBlock, weights: NamedTensors, path: string): BlockMatrices {
  const read = realsAt(weights, path);
  const shape = fcShapeOf(block);
  const { scale } = fc3NormAt(block, read);
  const weight = read('fc3.weight');
  const kernel = kernelOf(block, read);
  const [rows, columns] = [rowsOf(shape), columnsOf(shape)];
  return {
    path,
    rows,
    columns,
    before: mergedMatrix(weight, scale, null, shape),
    added: kernel ? convToFc(kernel, shape) : new Float32Array(rows * columns),
    after: mergedMatrix(weight, scale, kernel, shape),
  };
}

export const provenanceSchema = z.object({
  cell: cellIndexSchema,
  /** FC3's weight before its BN. */
  weight: computed,
  /** gamma / sqrt(variance + eps) of FC3's BN for this row. */
  scale: computed,
  /** scale * weight: the FC's part. */
  fc: computed,
  /** Each branch's part; `at` is the kernel cell [u, v], null where the cell lies outside that kernel's band (part 0). */
  kernels: z.array(z.object({ K: count, at: z.tuple([count, count]).nullable(), part: computed })),
  /** fc plus all parts, in double precision. */
  sum: computed,
});
/** Where the value of one cell of the merged matrix comes from. */
export type Provenance = Stored<z.infer<typeof provenanceSchema>>;

/** Explains cell (row, column) of the merged matrix of a train-form block; `path` is where its tensors are. Throws RangeError outside the matrix. */
export function provenance(block: RepBlock, weights: NamedTensors, row: number, column: number, path = ''): Provenance {
  return cellExplainer(block, weights, path)(row, column);
}

/** `provenance` of many cells of one block: folds the batch norms once. */
export function cellExplainer(block: RepBlock, weights: NamedTensors, path: string): (row: number, column: number) => Provenance {
  const read = realsAt(weights, path);
  const shape = fcShapeOf(block);
  const norm = fc3NormAt(block, read);
  const fc3 = read('fc3.weight');
  const branches = branchesOf(block, read);
  return (row, column) => {
    expectCell(shape, row, column);
    const cell = cellIndexOf(shape, row, column);
    const scale = norm.scale[Math.floor((row * norm.scale.length) / rowsOf(shape))];
    const weight = fc3[row * columnsOf(shape) + column];
    const kernels = branches.map((branch) => kernelPart(branch, cell));
    const fc = scale * weight;
    return { cell, weight, scale, fc, kernels, sum: kernels.reduce((total, { part }) => total + part, fc) };
  };
}

function expectCell(shape: FcShape, row: number, column: number): void {
  if (row < 0 || row >= rowsOf(shape) || column < 0 || column >= columnsOf(shape))
    throw new UserError(`the matrix has ${rowsOf(shape)} x ${columnsOf(shape)} cells, got (${row}, ${column})`);
}

function kernelPart({ K, channels, weight }: Kernel, { o, i, j, c, a, b }: CellIndex): Provenance['kernels'][number] {
  const p = (K - 1) / 2;
  const [u, v] = [a - i + p, b - j + p];
  if (u < 0 || u >= K || v < 0 || v >= K) return { K, at: null, part: 0 };
  return { K, at: [u, v], part: weight[((o * channels + c) * K + u) * K + v] };
}

function trainBlockAt(spec: NetworkSpec, path: string): RepBlock {
  const block = repBlockAt(spec, path);
  if (block.form === 'merged')
    throw new UserError(
      `block '${path}' is merged already: its FC3 no longer tells what the branches added; open the training-form weights`,
    );
  return block;
}
