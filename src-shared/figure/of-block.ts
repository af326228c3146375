// Which figures are of one block of a network: those can be drawn for every block.
import type { FigureSource } from './recipe';
import type { FigureRecipe } from './registry';

/** A recipe of a figure of one block. */
export type OfBlock = Extract<FigureRecipe, { readonly source: FigureSource }>;

/** Figures that name a source and are of all its blocks, or of none. */
const OF_NO_BLOCK: readonly FigureRecipe['kind'][] = [
  'contact-sheet',
  'curves',
  'cost-bars',
  'int8',
  'receptive-field',
  'weight-changes',
  'kernel-patterns',
];

/** Whether a figure is of one block; one of a single weight is of none. */
export function isOfBlock(recipe: FigureRecipe): recipe is OfBlock {
  const isOfWeight = 'weight' in recipe && recipe.weight !== undefined;
  return 'source' in recipe && recipe.source !== undefined && !isOfWeight && !OF_NO_BLOCK.includes(recipe.kind);
}
