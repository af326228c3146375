// From a recipe and its numbers to a finished figure. Pure: the same recipe and numbers give the same
// figure on every host.
import type { Ledger } from '../cost/ledger';
import type { BlockMatrices } from '../merge/report';
import type { RepBlock } from '../model/spec';
import type { BlockPattern } from '../pattern/analyse';
import { drawCostBars, type CostBarsRecipe } from './cost-bars';
import { drawCostIcicle } from './cost-icicle';
import { drawCurves, type RunCurves } from './curves';
import type { DisplayList } from './display-list';
import { drawFigure5 } from './figure5';
import { drawLocality } from './locality';
import { drawMatrices } from './matrices';
import type { FigureRecipe } from './recipe';

/** The numbers a figure is drawn from; its kind is the recipe's. */
export type FigureData =
  | { readonly kind: 'matrices' | 'figure5'; readonly matrices: BlockMatrices; readonly block: RepBlock }
  | { readonly kind: 'cost-bars'; readonly ledgers: readonly Ledger[] }
  | { readonly kind: 'locality'; readonly pattern: BlockPattern }
  | { readonly kind: 'curves'; readonly curves: RunCurves };

/** Draws a figure. Throws UserError where the recipe asks for a cell the block does not have, TypeError where data and recipe do not belong together. */
export function drawFigure(recipe: FigureRecipe, data: FigureData): DisplayList {
  if (recipe.kind === 'matrices' && data.kind === 'matrices') return drawMatrices(recipe, data.matrices);
  if (recipe.kind === 'figure5' && data.kind === 'figure5') return drawFigure5(recipe, data.matrices, data.block);
  if (recipe.kind === 'cost-bars' && data.kind === 'cost-bars') return drawCost(recipe, data.ledgers);
  if (recipe.kind === 'locality' && data.kind === 'locality') return drawLocality(recipe, data.pattern);
  if (recipe.kind === 'curves' && data.kind === 'curves') return drawCurves(recipe, data.curves);
  throw new TypeError(`a figure of kind ${recipe.kind} cannot be drawn from data of kind ${data.kind}`);
}

function drawCost(recipe: CostBarsRecipe, ledgers: readonly Ledger[]): DisplayList {
  return recipe.chart === 'icicle' ? drawCostIcicle(recipe, ledgers) : drawCostBars(recipe, ledgers);
}
