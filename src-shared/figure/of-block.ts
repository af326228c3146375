// Which figures are of one block of a network: those can be drawn for every block.
import type { FigureSource } from './recipe';
import { kindOf, type FigureRecipe } from './registry';

/** A recipe of a figure of one block. */
export type OfBlock = Extract<FigureRecipe, { readonly source: FigureSource }>;

/** Whether a figure is of one block; one of a single weight is of none. */
export function isOfBlock(recipe: FigureRecipe): recipe is OfBlock {
  const isOfWeight = 'weight' in recipe && recipe.weight !== undefined;
  return kindOf(recipe).isOfBlock && !isOfWeight;
}
