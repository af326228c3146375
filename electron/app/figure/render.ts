// A figure from its recipe: the one way every door draws it, so that the same recipe gives the same bytes.
import { drawFigure } from '@shared/figure/draw';
import type { FigureRecipe } from '@shared/figure/recipe';
import type { Datasets } from '../dataset/datasets';
import { encodeFigure, type FigureFormat } from './encode';
import { figureData } from './figure-data';
import { readSource, type LoadSource } from './figure-weights';
import { locatedRecipe } from './recipe-paths';

/** Where the numbers of a figure are read. */
export interface FigureSources {
  /** Folder that paths in the recipe are relative to; the working folder where it is left out. */
  readonly base?: string;
  /** Reads networks; quietly where it is left out. */
  readonly load?: LoadSource;
  readonly datasets: Datasets;
}

/** Draws a recipe, which the file carries as it was written. Rejects with UserError where a source, block or picture is missing. */
export async function renderFigure(
  recipe: FigureRecipe,
  format: FigureFormat,
  { base = '.', load = readSource, datasets }: FigureSources,
): Promise<Uint8Array> {
  const data = await figureData(locatedRecipe(recipe, base), load, datasets);
  return encodeFigure(drawFigure(recipe, data), recipe, format);
}
