// From a recipe and its numbers to a finished figure. Pure: the same recipe and numbers give the same
// figure on every host.
import type { Ledger } from '../cost/ledger';
import type { BlockMatrices } from '../merge/report';
import type { RepBlock } from '../model/spec';
import { drawAccuracyCost, type RunCosts } from './kinds/accuracy-cost';
import { drawCostBars, type CostBarsRecipe } from './kinds/cost-bars';
import { drawCostIcicle } from './kinds/cost-icicle';
import { drawCurves, type RunCurves } from './kinds/curves';
import type { DisplayList } from './page/display-list';
import { drawFigure5 } from './kinds/figure5';
import { drawLocality, type LocalityRecipe } from './kinds/locality';
import { drawLocalityBeside, drawLocalityEpochs } from './kinds/locality-series';
import { drawMatrices } from './kinds/matrices';
import { drawOverlay, type OverlayBackdrop } from './kinds/overlay';
import { drawPositionMaps, drawProjection, drawRestVectors, drawRowKinds } from './kinds/pattern-figures';
import type { PatternAbout } from './page/pattern-sheet';
import type { MeasuredOf } from './kinds/pattern-data';
import type { FigureRecipe, PatternKind } from './recipe';

/** The numbers of a figure of patterns. */
export type PatternData = {
  [K in PatternKind]: { readonly kind: K; readonly about: PatternAbout; readonly measuredMatrices: MeasuredOf[K] } & BackdropOf<K>;
}[PatternKind];
type BackdropOf<K> = K extends 'overlay' ? { readonly backdrop: OverlayBackdrop } : unknown;

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
  if (recipe.kind === 'locality' && data.kind === 'locality') return drawLocalities(recipe, data.about, data.measuredMatrices);
  if (recipe.kind === 'projection' && data.kind === 'projection') return drawProjection(recipe, data.about, data.measuredMatrices);
  if (recipe.kind === 'position-maps' && data.kind === 'position-maps') return drawPositionMaps(recipe, data.about, data.measuredMatrices);
  if (recipe.kind === 'row-kinds' && data.kind === 'row-kinds') return drawRowKinds(recipe, data.about, data.measuredMatrices);
  if (recipe.kind === 'rest-vectors' && data.kind === 'rest-vectors') return drawRestVectors(recipe, data.about, data.measuredMatrices);
  if (recipe.kind === 'overlay' && data.kind === 'overlay') return drawOverlay(recipe, data.about, data.measuredMatrices, data.backdrop);
  throw new TypeError(`a figure of kind ${recipe.kind} cannot be drawn from data of kind ${data.kind}`);
}

function drawLocalities(recipe: LocalityRecipe, about: PatternAbout, measuredMatrices: MeasuredOf['locality']): DisplayList {
  if (about.epochs.length > 0) return drawLocalityEpochs(recipe, about, measuredMatrices);
  return measuredMatrices.length > 1
    ? drawLocalityBeside(recipe, about, measuredMatrices)
    : drawLocality(recipe, measuredMatrices[0].pattern);
}

function drawCost(recipe: CostBarsRecipe, ledgers: readonly Ledger[]): DisplayList {
  return recipe.chart === 'icicle' ? drawCostIcicle(recipe, ledgers) : drawCostBars(recipe, ledgers);
}
