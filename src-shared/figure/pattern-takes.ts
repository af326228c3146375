// What the figures of patterns are drawn from: the measures of one matrix (FC3 before or after its merge, or
// what the branches add) under a label. Two networks, or the epochs of a run, are further takes of the same.
import type { BlockMatrices } from '../merge/report';
import type { FcShape } from '../merge/matrix-job';
import { fcShapeOf } from '../merge/merge-layer';
import type { RepBlock } from '../model/spec';
import { analyseBlock, invariantShareOf, type BlockPattern } from '../pattern/analyse';
import { CLOSER, groupPositions, groupsOf, restOf, rowKinds, type MatrixRest, type RowKind } from '../pattern/detail';
import { pairKernel } from '../pattern/pair-kernel';
import type { PositionMaps } from '../pattern/position';
import type { PatternRecipe } from './recipe';

/** Measures of one matrix. */
export interface Take<Value> {
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
export interface TakesOf {
  readonly locality: readonly { readonly subject: string; readonly pattern: BlockPattern }[];
  readonly projection: readonly Take<InvariantPart>[];
  readonly 'position-maps': readonly Take<PositionMaps>[];
  readonly 'row-kinds': readonly Take<readonly RowKind[]>[];
  readonly 'rest-vectors': readonly Take<MatrixRest>[];
  readonly overlay: readonly Take<PositionMaps>[];
}

/** A block whose patterns are drawn. */
export interface TakenBlock {
  readonly subject: string;
  readonly matrices: BlockMatrices;
  readonly block: RepBlock;
}

/** How many subjects a figure has decides which stages of each it shows: over epochs, the merged matrix alone. */
export type Company = 'alone' | 'beside another' | 'over epochs';

/** The takes of one block for a figure other than `locality`. Throws UserError for a channel or group the block does not have. */
export function takesOf(recipe: Exclude<PatternRecipe, { kind: 'locality' }>, taken: TakenBlock, company: Company): Take<unknown>[] {
  const shape = fcShapeOf(taken.block);
  return stagesOf(recipe.kind, company).map((stage) => ({
    subject: taken.subject,
    stage,
    shape,
    value: valueOf(recipe, taken.matrices[stage], shape, taken.block),
  }));
}

/** The pattern of one block for a `locality` figure. */
export function localityTake({ subject, matrices, block }: TakenBlock): TakesOf['locality'][number] {
  return { subject, pattern: analyseBlock(matrices, block) };
}

function stagesOf(kind: PatternRecipe['kind'], company: Company): readonly ('before' | 'added' | 'after')[] {
  // Merging adds convolutions, which leave the rest as it is.
  if (company === 'over epochs' || kind === 'rest-vectors') return ['after'];
  return kind === 'projection' && company === 'alone' ? ['before', 'added', 'after'] : ['before', 'after'];
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
export function takeLabel({ subject, stage }: Pick<Take<unknown>, 'subject' | 'stage'>): string {
  const text = stage === 'added' ? 'added by the branches' : stage === 'before' ? 'before merging' : 'after merging';
  return subject === '' ? text : `${subject}, ${stage}`;
}
