// From a recipe and its numbers to a finished figure. Pure: the same recipe and numbers give the same
// figure on every host.
import type { Ledger } from '../cost/ledger';
import type { BlockMatrices } from '../merge/report';
import type { RepBlock } from '../model/spec';
import { drawAccuracyCost, type RunCosts } from './accuracy-cost';
import { drawCostBars, type CostBarsRecipe } from './cost-bars';
import { drawCostIcicle } from './cost-icicle';
import { drawCurves, type RunCurves } from './curves';
import type { DisplayList } from './display-list';
import { drawFigure5 } from './figure5';
import { drawLocality, type LocalityRecipe } from './locality';
import { drawLocalityBeside, drawLocalityEpochs } from './locality-series';
import { drawMatrices } from './matrices';
import { drawOverlay, type OverlayGround } from './overlay';
import { drawPositionMaps, drawProjection, drawRestVectors, drawRowKinds } from './pattern-figures';
import type { PatternAbout } from './pattern-sheet';
import type { TakesOf } from './pattern-takes';
import type { FigureRecipe, PatternKind } from './recipe';

/** The numbers of a figure of patterns. */
export type PatternData = {
  [K in PatternKind]: { readonly kind: K; readonly about: PatternAbout; readonly takes: TakesOf[K] } & Ground<K>;
}[PatternKind];
type Ground<K> = K extends 'overlay' ? { readonly ground: OverlayGround } : unknown;

/** The numbers a figure is drawn from; its kind is the recipe's. */
export type FigureData =
  | { readonly kind: 'matrices' | 'figure5'; readonly matrices: BlockMatrices; readonly block: RepBlock }
  | { readonly kind: 'cost-bars'; readonly ledgers: readonly Ledger[] }
  | { readonly kind: 'curves'; readonly curves: RunCurves }
  | { readonly kind: 'accuracy-cost'; readonly costs: RunCosts }
  | PatternData;

/** Draws a figure. Throws UserError where the recipe asks for a cell the block does not have, TypeError where data and recipe do not belong together. */
export function drawFigure(recipe: FigureRecipe, data: FigureData): DisplayList {
  if (recipe.kind === 'matrices' && data.kind === 'matrices') return drawMatrices(recipe, data.matrices);
  if (recipe.kind === 'figure5' && data.kind === 'figure5') return drawFigure5(recipe, data.matrices, data.block);
  if (recipe.kind === 'cost-bars' && data.kind === 'cost-bars') return drawCost(recipe, data.ledgers);
  if (recipe.kind === 'curves' && data.kind === 'curves') return drawCurves(recipe, data.curves);
  if (recipe.kind === 'accuracy-cost' && data.kind === 'accuracy-cost') return drawAccuracyCost(recipe, data.costs);
  return drawPattern(recipe, data);
}

function drawPattern(recipe: FigureRecipe, data: FigureData): DisplayList {
  if (recipe.kind === 'locality' && data.kind === 'locality') return drawLocalities(recipe, data.about, data.takes);
  if (recipe.kind === 'projection' && data.kind === 'projection') return drawProjection(recipe, data.about, data.takes);
  if (recipe.kind === 'position-maps' && data.kind === 'position-maps') return drawPositionMaps(recipe, data.about, data.takes);
  if (recipe.kind === 'row-kinds' && data.kind === 'row-kinds') return drawRowKinds(recipe, data.about, data.takes);
  if (recipe.kind === 'rest-vectors' && data.kind === 'rest-vectors') return drawRestVectors(recipe, data.about, data.takes);
  if (recipe.kind === 'overlay' && data.kind === 'overlay') return drawOverlay(recipe, data.about, data.takes, data.ground);
  throw new TypeError(`a figure of kind ${recipe.kind} cannot be drawn from data of kind ${data.kind}`);
}

function drawLocalities(recipe: LocalityRecipe, about: PatternAbout, takes: TakesOf['locality']): DisplayList {
  if (about.epochs.length > 0) return drawLocalityEpochs(recipe, about, takes);
  return takes.length > 1 ? drawLocalityBeside(recipe, about, takes) : drawLocality(recipe, takes[0].pattern);
}

function drawCost(recipe: CostBarsRecipe, ledgers: readonly Ledger[]): DisplayList {
  return recipe.chart === 'icicle' ? drawCostIcicle(recipe, ledgers) : drawCostBars(recipe, ledgers);
}
