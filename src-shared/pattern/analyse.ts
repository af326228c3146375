// The positional analysis of one block and of a whole network: every measure of this folder for FC3
// before merging, for the part the branches add, and after merging.
import { z } from 'zod';
import { computed, type Stored } from '../base/sent';
import { largestOf } from '../base/extremes';
import type { FcShape } from '../matrix/geometry';
import { blockMatrices } from '../merge/mathematics/matrices';
import { fcShapeOf, fcShapeSchema } from '../matrix/geometry';
import type { BlockMatrices, MergeProgress } from '../merge/report';
import { isRepBlock, type NetworkSpec, type RepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import { yieldToEvents } from '../base/yield-to-events';
import type { NamedTensors } from '../tensor/tensor';
import { displacementCount } from './displacement';
import { energiesOf, type Energies } from './energies';
import { localityBaselines, localityOf, localityBaselinesSchema, localitySchema } from './locality';
import { positionMaps, positionMapsSchema } from './position';
import { invariantKernel, kernelEnergies } from './projection';
import { symmetryOf, symmetrySchema } from './symmetry';

export const outputPatternSchema = z.object({
  energy: computed,
  invariantShare: computed,
  longRangeShare: computed,
  halfEnergyRadius: computed,
});
/** Measures of the rows of one output channel. */
export type OutputPattern = Stored<z.infer<typeof outputPatternSchema>>;

export const matrixPatternSchema = z.object({
  /** Sum of squared weights. */
  energy: computed,
  /** Share of the energy in the nearest translation-invariant part; the rest is position-specific. */
  invariantShare: computed,
  /** Energy by displacement, (2h-1, 2w-1) row-major, as shares of the whole. */
  byDisplacement: z.array(computed),
  locality: localitySchema,
  positions: positionMapsSchema,
  symmetry: symmetrySchema,
  /** The same per output channel (RepMLPNet: per share-set). */
  outputs: z.array(outputPatternSchema),
});
/** Measures of one matrix. */
export type MatrixPattern = Stored<z.infer<typeof matrixPatternSchema>>;

export const blockPatternSchema = z.object({
  path: z.string(),
  shape: fcShapeSchema,
  /** Largest kernel of the conv branches, 0 without branches. */
  largestKernel: computed,
  before: matrixPatternSchema,
  added: matrixPatternSchema,
  after: matrixPatternSchema,
  baselines: localityBaselinesSchema,
  /**
   * Largest |F(after) - F(before) - F(added)| over all kernel values, F being the translation-invariant kernel: the
   * difference of the projections equals the merged kernel, so this is rounding alone.
   */
  projectionDifference: computed,
  /** Largest |F(added)|: the scale to hold `projectionDifference` against. */
  largestMergedKernel: computed,
});
/** The analysis of one block. */
export type BlockPattern = Stored<z.infer<typeof blockPatternSchema>>;

/** Analyses one block. Throws RangeError where the matrices do not fit the block. */
export function analyseBlock(matrices: BlockMatrices, block: RepBlock): BlockPattern {
  const shape = fcShapeOf(block);
  const largestKernel = largestOf(block.kernels, 0);
  const [before, added, after] = [matrices.before, matrices.added, matrices.after].map((matrix) => gathered(matrix, shape, largestKernel));
  return {
    path: matrices.path,
    shape,
    largestKernel,
    before: before.pattern,
    added: added.pattern,
    after: after.pattern,
    baselines: localityBaselines(shape, largestKernel),
    projectionDifference: after.kernel.reduce(
      (largest, value, k) => Math.max(largest, Math.abs(value - before.kernel[k] - added.kernel[k])),
      0,
    ),
    largestMergedKernel: added.kernel.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
  };
}

/** The measures of one matrix (O*h*w, channels*h*w); `largestKernel` bounds what counts as long-range. */
export function analyseMatrix(matrix: Float32Array, shape: FcShape, largestKernel: number): MatrixPattern {
  return gathered(matrix, shape, largestKernel).pattern;
}

function gathered(matrix: Float32Array, shape: FcShape, largestKernel: number): { pattern: MatrixPattern; kernel: Float64Array } {
  const energies = energiesOf(matrix, shape);
  const kernel = invariantKernel(energies);
  const invariant = kernelEnergies(kernel, shape);
  const byDisplacement = summedOverOutputs(energies);
  const pattern = {
    energy: energies.total,
    invariantShare: share(
      invariant.reduce((sum, value) => sum + value, 0),
      energies.total,
    ),
    byDisplacement: Array.from(byDisplacement, (value) => share(value, energies.total)),
    locality: localityOf(byDisplacement, shape, largestKernel),
    positions: positionMaps(energies),
    symmetry: symmetryOf(matrix, shape, energies.total),
    outputs: Array.from(invariant, (value, o) => outputPattern(energies, o, value, largestKernel)),
  };
  return { pattern, kernel };
}

/** Share of a matrix's energy in its nearest translation-invariant part. */
export function invariantShareOf(matrix: Float32Array, shape: FcShape): number {
  const energies = energiesOf(matrix, shape);
  const invariant = kernelEnergies(invariantKernel(energies), shape);
  return share(
    invariant.reduce((sum, value) => sum + value, 0),
    energies.total,
  );
}

function outputPattern({ byDisplacement, shape }: Energies, o: number, invariant: number, largestKernel: number): OutputPattern {
  const D = displacementCount(shape);
  const own = byDisplacement.subarray(o * D, (o + 1) * D);
  const energy = own.reduce((sum, value) => sum + value, 0);
  const { longRangeShare, halfEnergyRadius } = localityOf(own, shape, largestKernel);
  return { energy, invariantShare: share(invariant, energy), longRangeShare, halfEnergyRadius };
}

function summedOverOutputs({ byDisplacement, shape }: Energies): Float64Array {
  const D = displacementCount(shape);
  const sum = new Float64Array(D);
  byDisplacement.forEach((value, index) => (sum[index % D] += value));
  return sum;
}

/** Part of a whole; 0 of nothing. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** How an analysis reports and stops. */
export interface AnalysisOptions {
  readonly onProgress?: (progress: MergeProgress) => void;
  /** Aborting rejects with the signal's reason before the next block. */
  readonly signal?: AbortSignal;
  /** Only this block. */
  readonly layer?: string;
}

/**
 * Analyses every re-parameterizable block of a train-form network, one after the other, letting other work run in between.
 * Rejects with UserError where weights are missing, with the signal's reason when aborted.
 */
export async function analyseNetwork(spec: NetworkSpec, weights: NamedTensors, options: AnalysisOptions = {}): Promise<BlockPattern[]> {
  const blocks = leavesOf(spec).filter(({ path, layer }) => isRepBlock(layer) && (options.layer ?? path) === path);
  const patterns: BlockPattern[] = [];
  for (const { path, layer } of blocks) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ done: patterns.length, total: blocks.length, layer: path });
    await yieldToEvents();
    if (isRepBlock(layer)) patterns.push(analyseBlock(blockMatrices(spec, weights, path), layer));
  }
  options.signal?.throwIfAborted();
  options.onProgress?.({ done: blocks.length, total: blocks.length, layer: '' });
  return patterns;
}
