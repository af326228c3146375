// A recipe as it travels inside a figure: without a folder of the machine it was made on, nor the name of who made it. A path
// that leads out of the figure's folder is cut to what it names: a file, a run, or a checkpoint of a run.
import type { FigureSource } from './recipe';
import { isComposed, type FigureRecipe } from './registry';

/** The recipe with every path changed. */
export function withPaths<Recipe extends FigureRecipe>(recipe: Recipe, change: (path: string) => string): Recipe {
  if (isComposed(recipe)) {
    const panels = recipe.panels.map((panel) => ({ ...panel, recipe: withPaths(panel.recipe, change) }));
    return { ...recipe, panels };
  }
  const parts: Record<string, unknown> = {};
  const of = <T extends { readonly path: string; readonly families?: FigureSource['families'] }>(source: T): T => {
    const { families } = source;
    const adapter = families?.adapter === undefined ? {} : { families: { ...families, adapter: change(families.adapter) } };
    return { ...source, path: change(source.path), ...adapter };
  };
  if ('source' in recipe && recipe.source) parts.source = of(recipe.source);
  if ('against' in recipe && recipe.against) parts.against = of(recipe.against);
  if ('runs' in recipe) parts.runs = recipe.runs.map(change);
  if ('dataset' in recipe && recipe.dataset.kind === 'folder') parts.dataset = of(recipe.dataset);
  if ('picture' in recipe) {
    const { picture } = recipe;
    if ('file' in picture) parts.picture = { file: change(picture.file) };
    else if (picture.dataset.kind === 'folder') parts.picture = { ...picture, dataset: of(picture.dataset) };
  }
  return { ...recipe, ...parts };
}

/** The recipe as it travels. Of one that travels it is the same. */
export function travelling(recipe: FigureRecipe): FigureRecipe {
  return withPaths(recipe, travellingPath);
}

/** A path as it travels: `bundled:NAME`, and what lies in the figure's folder or above it, as they are; else the last names. */
export function travellingPath(path: string): string {
  if (path === '' || /^bundled:/.test(path)) return path;
  const parts = path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  const isAbsolute = /^([\\/]|[A-Za-z]:)/.test(path);
  const named = parts.findIndex((part) => part !== '..');
  if (!isAbsolute && named <= 0) return parts.length === 0 ? '.' : parts.join('/');
  const checkpoint = parts.lastIndexOf('checkpoints');
  const from = checkpoint > 0 && checkpoint === parts.length - 2 && parts[checkpoint - 1] !== '..' ? checkpoint - 1 : parts.length - 1;
  return parts.slice(from).join('/');
}
