// What the figures of patterns are drawn from: the measures of one matrix (FC3 before or after its merge, or
// what the branches add) under a label. Two networks, or the epochs of a run, are further takes of the same.
import type { BlockMatrices } from '../../merge/report';
import type { FcShape } from '../../merge/passes/matrix-job';
import { fcShapeOf } from '../../merge/merge-layer';
import type { RepBlock } from '../../model/spec';
import { analyseBlock, invariantShareOf, type BlockPattern } from '../../pattern/analyse';
import { CLOSER, groupPositions, groupsOf, restOf, rowKinds, type MatrixRest, type RowKind } from '../../pattern/detail';
import { pairKernel } from '../../pattern/pair-kernel';
import type { PositionMaps } from '../../pattern/position';
import type { PatternRecipe } from '../recipe';

/** Measures of one matrix. */
export interface MeasuredMatrix<Value> {
  /** Empty where the stage says it all. */
  readonly subject: string;
  readonly stage: 'before' | 'added' | 'after';
  readonly shape: FcShape;
  readonly value: Value;
}

/** The translation-invariant part of a matrix: its share of the energy, and the kernel of one channel pair (2h-1, 2w-1). */
export interface InvariantPart {
  readonly share: number;
  readonly kernel: Float32Array;
}

/** What each kind of figure is drawn from. */
export interface MeasuredOf {
  readonly locality: readonly { readonly subject: string; readonly pattern: BlockPattern }[];
  readonly projection: readonly MeasuredMatrix<InvariantPart>[];
  readonly 'position-maps': readonly MeasuredMatrix<PositionMaps>[];
  readonly 'row-kinds': readonly MeasuredMatrix<readonly RowKind[]>[];
  readonly 'rest-vectors': readonly MeasuredMatrix<MatrixRest>[];
  readonly overlay: readonly MeasuredMatrix<PositionMaps>[];
}

/** A block whose patterns are drawn. */
export interface MeasuredBlock {
  readonly subject: string;
  readonly matrices: BlockMatrices;
  readonly block: RepBlock;
}

/** How many subjects a figure has decides which stages of each it shows: over epochs, the merged matrix alone. */
export type Comparison = 'alone' | 'beside another' | 'over epochs';

/** The takes of one block for a figure other than `locality`. Throws UserError for a channel or group the block does not have. */
export function measuredMatricesOf(
  recipe: Exclude<PatternRecipe, { kind: 'locality' }>,
  taken: MeasuredBlock,
  comparison: Comparison,
): MeasuredMatrix<unknown>[] {
  const shape = fcShapeOf(taken.block);
  return stagesOf(recipe.kind, comparison).map((stage) => ({
    subject: taken.subject,
    stage,
    shape,
    value: valueOf(recipe, taken.matrices[stage], shape, taken.block),
  }));
}

/** The pattern of one block for a `locality` figure. */
export function measuredLocality({ subject, matrices, block }: MeasuredBlock): MeasuredOf['locality'][number] {
  return { subject, pattern: analyseBlock(matrices, block) };
}

function stagesOf(kind: PatternRecipe['kind'], comparison: Comparison): readonly ('before' | 'added' | 'after')[] {
  // Merging adds convolutions, which leave the rest as it is.
  if (comparison === 'over epochs' || kind === 'rest-vectors') return ['after'];
  return kind === 'projection' && comparison === 'alone' ? ['before', 'added', 'after'] : ['before', 'after'];
}

function valueOf(recipe: Exclude<PatternRecipe, { kind: 'locality' }>, matrix: Float32Array, shape: FcShape, block: RepBlock): unknown {
  const groups = groupsOf(block);
  switch (recipe.kind) {
    case 'projection': {
      const kernel = pairKernel(matrix, shape, recipe.outputChannel, recipe.inputChannel);
      return { share: invariantShareOf(matrix, shape), kernel } satisfies InvariantPart;
    }
    case 'row-kinds':
      return rowKinds(matrix, shape, { ...CLOSER, groups, group: recipe.group });
    case 'rest-vectors':
      return restOf(matrix, shape, { ...CLOSER, groups, group: recipe.group });
    case 'position-maps':
    case 'overlay':
      return groupPositions(matrix, shape, { groups, group: recipe.group });
  }
}

/** What a take is called: its subject where there are several, and its stage. */
export function measuredLabel({ subject, stage }: Pick<MeasuredMatrix<unknown>, 'subject' | 'stage'>): string {
  const text = stage === 'added' ? 'added by the branches' : stage === 'before' ? 'before merging' : 'after merging';
  return subject === '' ? text : `${subject}, ${stage}`;
}
