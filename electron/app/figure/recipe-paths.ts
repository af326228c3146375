// Paths in figure recipes: relative to the recipe's folder, whole, or `bundled:NAME`, which is no path.
import { relative, resolve } from 'node:path';
import type { FigureRecipe, FigureSource, PictureSource } from '@shared/figure/recipe';
import { bundledName } from '../checkpoint/weights-file';

/** The recipe with whole paths, those in it being relative to `base`. */
export function locatedRecipe(recipe: FigureRecipe, base: string): FigureRecipe {
  if (recipe.kind === 'accuracy-cost') return { ...recipe, runs: recipe.runs.map((run) => resolve(base, run)) };
  if (!('source' in recipe)) return recipe;
  const at = (source: FigureSource): FigureSource => ({ ...source, path: locatedWeights(source.path, base) });
  const placed = { ...recipe, source: at(recipe.source) };
  if ('against' in placed && placed.against) return { ...placed, against: at(placed.against), ...locatedPicture(placed, base) };
  return { ...placed, ...locatedPicture(placed, base) };
}

/** How a recipe in `folder` names the weights at `path`. */
export function namedInRecipe(folder: string, path: string): string {
  return bundledName(path) === null ? relative(folder, path) || '.' : path;
}

function locatedWeights(path: string, base: string): string {
  return bundledName(path) === null ? resolve(base, path) : path;
}

function locatedPicture(recipe: FigureRecipe, base: string): { readonly picture?: PictureSource } {
  if (recipe.kind !== 'overlay') return {};
  const { picture } = recipe;
  if ('file' in picture) return { picture: { file: resolve(base, picture.file) } };
  const { dataset } = picture;
  return dataset.kind === 'folder' ? { picture: { ...picture, dataset: { ...dataset, path: resolve(base, dataset.path) } } } : {};
}
