// repmlp figure: draws a figure from its recipe, or from a figure that carries one, no window; `figure check` inspects any.
import { dirname, extname } from 'node:path';
import { readRegular } from '../../files/regular-file';
import { UserError } from '@shared/base/user-error';
import { FIGURE_FORMATS, type FigureFormat, type FigureSource } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import { sidecarFiles } from '@shared/figure/sidecar';
import { atVenue } from '@shared/figure/venue-layout';
import { VENUE_NAMES, type VenueName, type VenueSpan } from '@shared/figure/venues';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { Option } from 'commander';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { figureComputing, type FigureComputing } from '../../app/figure/computing';
import { LARGEST_FIGURE, readProvenance } from '../../app/figure/open';
import { renderFigure, type RenderedFigure, type RenderOptions } from '../../app/figure/render';
import { readSource, type SourceFiles } from '../../app/figure/source';
import { refuseExisting, writeFileAtomically } from '../../files';
import { withEngine } from '../engine';
import { openWeights } from '../network';
import { readShown, StatusLine } from '../progress';
import { collect, print, remark, type Verb } from '../verb';
import { defineCheck } from './check';

interface FigureOptions {
  readonly force?: boolean;
  readonly strip?: boolean;
  readonly venue?: VenueName;
  readonly span?: VenueSpan;
  readonly caption?: boolean;
  readonly withData?: boolean;
  readonly search: readonly string[];
}

export const figureVerb: Verb = (program, setExit) => {
  const verb = program
    .command('figure')
    .description('draw a figure from its recipe, or again from a figure that carries one; `figure check` inspects any figure for print')
    .argument('<recipe>', 'a recipe (.json), paths in it relative to its folder, or a figure made from one (.svg, .pdf, .png)')
    .argument('<out>', '.svg, .pdf or .png')
    .addOption(new Option('--venue <name>', 'size and type of this venue').choices(VENUE_NAMES))
    .addOption(new Option('--span <span>', 'of a venue with columns: one, or the page').choices(['single', 'double']))
    .option('--no-caption', 'leave the sentences out that explain the figure; --with-data writes them beside it')
    .option('--with-data', 'also write the recipe, the numbers (.npy, .csv) and the caption beside the figure')
    .option('--strip', 'nothing travels in the file: neither recipe nor hashes of its sources')
    .option('--search <folder>', 'where to look for files that are not where the recipe says (repeatable)', collect, [])
    .option('--force', 'replace an existing file')
    .action(drawFigure);
  defineCheck(verb, setExit);
};

async function drawFigure(from: string, output: string, options: FigureOptions): Promise<void> {
  const { force = false, strip, search } = options;
  const format = figureFormat(output);
  await refuseExisting(output, { force });
  const before = await readProvenance(new Uint8Array(await readRegular(from, LARGEST_FIGURE)), from);
  const recipe = asAsked(before.recipe, options);
  const rendered = await rendering(recipe, format, dirname(from), { strip, before }, search);
  rendered.changes.forEach((change) => remark(`changed since ${from} was made: ${change}`));
  await writeFileAtomically(output, rendered.bytes, { force });
  print(output);
  if (options.withData) await writeBeside(output, recipe, rendered, force);
}

function asAsked(recipe: FigureRecipe, { venue, span, caption }: FigureOptions): FigureRecipe {
  if (span !== undefined && venue === undefined) throw new UserError('--span goes with --venue');
  const layout = venue === undefined ? recipe.layout : atVenue(recipe.layout, venue, span);
  return { ...recipe, layout: caption === false ? { ...layout, caption } : layout };
}

/** The recipe, the numbers and the caption, named after the figure. */
async function writeBeside(output: string, recipe: FigureRecipe, { figure }: RenderedFigure, force: boolean): Promise<void> {
  const stem = output.replace(/\.[^.]+$/, '');
  const recipeFile = { name: 'recipe.json', bytes: new TextEncoder().encode(`${JSON.stringify(recipe, null, 2)}\n`) };
  for (const { name, bytes } of [recipeFile, ...sidecarFiles(figure)]) {
    await writeFileAtomically(`${stem}.${name}`, bytes, { force });
    print(`${stem}.${name}`);
  }
}

/** Draws a recipe, telling the terminal what is read; paths in it are relative to `base`. */
export async function renderShown(recipe: FigureRecipe, format: FigureFormat, base: string, computed?: RenderShown): Promise<Uint8Array> {
  return (await rendering(recipe, format, base, {}, [], computed)).bytes;
}

/** What a verb has computed already; an engine computes it where it is left out. */
export type RenderShown = Partial<FigureComputing>;

function rendering(
  recipe: FigureRecipe,
  format: FigureFormat,
  base: string,
  options?: RenderOptions,
  search: readonly string[] = [],
  computed: RenderShown = {},
): Promise<RenderedFigure> {
  const load = (source: FigureSource): Promise<WeightedNetwork> => readSource(source, shownFiles);
  const computing = { ...figureComputing(withEngine), ...computed };
  return renderFigure(recipe, format, { base, search, load, datasets: datasetsHere, computing }, options);
}

const shownFiles: SourceFiles = { open: openWeights, read: (file) => readShown(file, new StatusLine()), say: remark };

/** The format a file's ending asks for. Throws UserError for others. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = FIGURE_FORMATS.find((one) => one === ending);
  if (format !== undefined) return format;
  throw new UserError(`figures are written as .svg, .pdf or .png; got ${path}`);
}
