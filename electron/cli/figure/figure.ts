// repmlp figure: draws a figure from its recipe, no window.
import { dirname, extname } from 'node:path';
import { FIGURE_FORMATS, type FigureFormat, type FigureSource } from '@shared/figure/recipe';
import { parseFigureRecipe, type FigureRecipe } from '@shared/figure/registry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { UserError } from '@shared/base/user-error';
import { openDataset } from '../../datasets/open-dataset';
import { shownFile } from '../../datasets/picture';
import { renderFigure as render } from '../../app/figure/render';
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

/** Draws a recipe; paths in it are relative to `base`. */
export async function renderFigure(recipe: FigureRecipe, format: FigureFormat, base: string): Promise<Uint8Array> {
  return render(recipe, format, { base, load: loadSource, pictures: { open: openDataset, picture: shownFile } });
}

/** Reads a source's network, recognised unless the recipe describes it. */
async function loadSource({ path, network, weights }: FigureSource): Promise<WeightedNetwork> {
  const set = { weights };
  return network ? { spec: network, weights: await readTensors(path, new StatusLine(), set) } : readNetwork(path, set);
}

/** The format a file's ending asks for. Throws UserError for others. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = FIGURE_FORMATS.find((one) => one === ending);
  if (format !== undefined) return format;
  throw new UserError(`figures are written as .svg, .pdf or .png; got ${path}`);
}
