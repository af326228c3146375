// repmlp figure: draws a figure from its recipe, no window.
import { dirname, extname, resolve } from 'node:path';
import { drawFigure } from '@shared/figure/draw';
import { parseFigureRecipe } from '@shared/figure/parse-recipe';
import type { FigureFormat, FigureRecipe, FigureSource, PictureSource } from '@shared/figure/recipe';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { UserError } from '@shared/base/user-error';
import { openDataset } from '../../datasets/open-dataset';
import { shownFile } from '../../datasets/picture';
import { figureData } from '../../app/figure/figure-data';
import { encodeFigure } from '../../app/figure/encode';
import { refuseExisting, writeFileAtomically } from '../../files';
import { readJson, readNetwork, readTensors } from '../network';
import { StatusLine } from '../progress';
import { print, type Verb } from '../verb';

export const figureVerb: Verb = (program) => {
  program
    .command('figure')
    .description('draw a figure from its recipe')
    .argument('<recipe.json>', 'recipe; paths in it are relative to its folder')
    .argument('<out>', '.svg, .pdf or .png')
    .option('--force', 'replace an existing file')
    .action(async (recipePath: string, output: string, { force = false }: { force?: boolean }) => {
      const format = figureFormat(output);
      await refuseExisting(output, { force });
      const recipe = parseFigureRecipe(await readJson(recipePath), recipePath);
      await writeFileAtomically(output, await renderFigure(recipe, format, dirname(recipePath)), { force });
      print(output);
    });
};

/** Draws a recipe; paths in it are relative to `base`. The figure carries the recipe as it was written. */
export async function renderFigure(recipe: FigureRecipe, format: FigureFormat, base: string): Promise<Uint8Array> {
  const data = await figureData(located(recipe, base), loadSource, { open: openDataset, picture: shownFile });
  return encodeFigure(drawFigure(recipe, data), recipe, format);
}

/** Reads a source's network, recognised unless the recipe describes it. */
async function loadSource({ path, network, weights }: FigureSource): Promise<WeightedNetwork> {
  const set = { weights };
  return network ? { spec: network, weights: await readTensors(path, new StatusLine(), set) } : readNetwork(path, set);
}

function located(recipe: FigureRecipe, base: string): FigureRecipe {
  if (recipe.kind === 'accuracy-cost') return { ...recipe, runs: recipe.runs.map((run) => resolve(base, run)) };
  if (!('source' in recipe)) return recipe;
  const at = (source: FigureSource): FigureSource => ({ ...source, path: resolve(base, source.path) });
  const placed = { ...recipe, source: at(recipe.source) };
  if ('against' in placed && placed.against) return { ...placed, against: at(placed.against), ...locatedPicture(placed, base) };
  return { ...placed, ...locatedPicture(placed, base) };
}

function locatedPicture(recipe: FigureRecipe, base: string): { readonly picture?: PictureSource } {
  if (recipe.kind !== 'overlay') return {};
  const { picture } = recipe;
  if ('file' in picture) return { picture: { file: resolve(base, picture.file) } };
  const { dataset } = picture;
  return dataset.kind === 'folder' ? { picture: { ...picture, dataset: { ...dataset, path: resolve(base, dataset.path) } } } : {};
}

/** The format a file's ending asks for. Throws UserError for others. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  if (ending === 'svg' || ending === 'pdf' || ending === 'png') return ending;
  throw new UserError(`figures are written as .svg, .pdf or .png; got ${path}`);
}
