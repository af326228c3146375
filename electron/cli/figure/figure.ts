// repmlp figure: draws a figure from its recipe, no window.
import { dirname, extname } from 'node:path';
import { FIGURE_FORMATS, type FigureFormat, type FigureSource } from '@shared/figure/recipe';
import { parseFigureRecipe, type FigureRecipe } from '@shared/figure/registry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { UserError } from '@shared/base/user-error';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { renderFigure } from '../../app/figure/render';
import { readSource, type SourceFiles } from '../../app/figure/source';
import { refuseExisting, writeFileAtomically } from '../../files';
import { readJson } from '../../files/json-file';
import { openWeights } from '../network';
import { readShown, StatusLine } from '../progress';
import { print, remark, type Verb } from '../verb';

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
      await writeFileAtomically(output, await renderShown(recipe, format, dirname(recipePath)), { force });
      print(output);
    });
};

/** Draws a recipe, telling the terminal what is read; paths in it are relative to `base`. */
export function renderShown(recipe: FigureRecipe, format: FigureFormat, base: string): Promise<Uint8Array> {
  const load = (source: FigureSource): Promise<WeightedNetwork> => readSource(source, shownFiles);
  return renderFigure(recipe, format, { base, load, datasets: datasetsHere });
}

const shownFiles: SourceFiles = { open: openWeights, read: (file) => readShown(file, new StatusLine()), say: remark };

/** The format a file's ending asks for. Throws UserError for others. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = FIGURE_FORMATS.find((one) => one === ending);
  if (format !== undefined) return format;
  throw new UserError(`figures are written as .svg, .pdf or .png; got ${path}`);
}
