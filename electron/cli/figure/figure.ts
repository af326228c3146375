// repmlp figure: draws a figure from its recipe, or from a figure that carries one, no window; `figure check` inspects any.
import { dirname } from 'node:path';
import { readRegular } from '../../files/regular-file';
import { UserError } from '@shared/base/user-error';
import type { FigureRecipe } from '@shared/figure/registry';
import { sidecarFiles } from '@shared/figure/sidecar';
import { atVenue } from '@shared/figure/venue-layout';
import { VENUE_NAMES, type VenueName, type VenueSpan } from '@shared/figure/venues';
import { Option } from 'commander';
import { LARGEST_FIGURE, readProvenance } from '../../app/figure/open';
import type { RenderedFigure } from '../../app/figure/render';
import { refuseExisting, writeFileAtomically } from '../../files';
import { collect, print, remark, type Verb } from '../verb';
import { drawAllBlocks } from './all-blocks';
import { defineCheck } from './check';
import { defineFilm } from './film';
import { figureFormat, renderFor, shownReaders, writeRendered } from './written';

interface FigureOptions {
  readonly force?: boolean;
  readonly strip?: boolean;
  readonly venue?: VenueName;
  readonly span?: VenueSpan;
  readonly caption?: boolean;
  readonly withData?: boolean;
  readonly allBlocks?: boolean;
  readonly search: readonly string[];
}

export const figureVerb: Verb = (program, setExit) => {
  const verb = program
    .command('figure')
    .description('draw a figure from its recipe, or again from a figure that carries one; `figure check` inspects any figure for print')
    .argument('<recipe>', 'a recipe (.json), paths in it relative to its folder, or a figure made from one (.svg, .pdf, .png, .pgf)')
    .argument('<out>', '.svg, .pdf, .png, or .pgf (.tex) for LaTeX, which has its pictures beside it')
    .addOption(new Option('--venue <name>', 'size and type of this venue').choices(VENUE_NAMES))
    .addOption(new Option('--span <span>', 'of a venue with columns: one, or the page').choices(['single', 'double']))
    .option('--no-caption', 'leave the sentences out that explain the figure; --with-data writes them beside it')
    .option('--with-data', 'also write the recipe, the numbers (.npy, .csv) and the caption beside the figure')
    .option('--all-blocks', 'the recipe for every block of its checkpoint: OUT-BLOCK.pdf and so on, all of them or none')
    .option('--strip', 'nothing travels in the file: neither recipe nor hashes of its sources')
    .option('--search <folder>', 'where to look for files that are not where the recipe says (repeatable)', collect, [])
    .option('--force', 'replace an existing file')
    .action(drawFigure);
  defineCheck(verb, setExit);
  defineFilm(verb);
};

async function drawFigure(from: string, output: string, options: FigureOptions): Promise<void> {
  const { force = false, strip, search } = options;
  figureFormat(output);
  if (options.allBlocks && options.withData) throw new UserError('--with-data goes with one figure, not with --all-blocks');
  if (!options.allBlocks) await refuseExisting(output, { force });
  const before = await readProvenance(new Uint8Array(await readRegular(from, LARGEST_FIGURE)), from);
  const recipe = asAsked(before.recipe, options);
  const readers = shownReaders(dirname(from), search);
  if (options.allBlocks) return print(...(await drawAllBlocks(output, recipe, readers, { force, strip })));
  const rendered = await renderFor(output, recipe, readers, { strip, before });
  rendered.changes.forEach((change) => remark(`changed since ${from} was made: ${change}`));
  print(...(await writeRendered(output, rendered, force)).toReversed());
  if (options.withData) await writeBeside(output, recipe, rendered, force);
}

/** The recipe in the layout that the options ask for. Throws UserError for options that do not go together. */
export function asAsked(recipe: FigureRecipe, { venue, span, caption }: Pick<FigureOptions, 'venue' | 'span' | 'caption'>): FigureRecipe {
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
