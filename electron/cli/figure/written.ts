// A figure drawn from the command line and its files written: whole or not at all, and what it needs beside it before itself.
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { FIGURE_FORMATS, type FigureFormat, type FigureSource } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { datasetsHere } from '../../app/dataset/datasets-here';
import { figureComputing, type FigureComputing } from '../../app/figure/computing';
import { renderFigure, type FigureReaders, type RenderedFigure, type RenderOptions } from '../../app/figure/render';
import { readSource, type SourceFiles } from '../../app/figure/source';
import { refuseExisting, writeFileAtomically } from '../../files';
import { withEngine } from '../engine';
import { openWeights } from '../network';
import { readShown, StatusLine } from '../progress';
import { remark } from '../verb';

/** The format a file's ending asks for. Throws UserError for others. */
export function figureFormat(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = ending === 'tex' ? 'pgf' : FIGURE_FORMATS.find((one) => one === ending);
  if (format !== undefined) return format;
  throw new UserError(`figures are written as .svg, .pdf, .png or .pgf; got ${path}`);
}

/** What a verb has computed already; an engine computes what is left out. */
export type ComputedAlready = Partial<FigureComputing>;

/** What the command line reads a figure's numbers with: paths are relative to `base`; what is read is told to the terminal. */
export function shownReaders(base: string, search: readonly string[] = [], computed: ComputedAlready = {}): FigureReaders {
  const load = (source: FigureSource): Promise<WeightedNetwork> => readSource(source, shownFiles);
  const computing = { ...figureComputing(withEngine), ...computed };
  return { base, search, load, datasets: datasetsHere, computing };
}

const shownFiles: SourceFiles = { open: openWeights, read: (file) => readShown(file, new StatusLine()), say: remark };

/** Draws a recipe for a file of that name. */
export function renderFor(
  output: string,
  recipe: FigureRecipe,
  readers: FigureReaders,
  options: RenderOptions = {},
): Promise<RenderedFigure> {
  return renderFigure(recipe, figureFormat(output), readers, { stem: basename(output, extname(output)), ...options });
}

/** Writes a figure and the pictures it needs. Rejects with UserError, writing nothing, where one of them exists already. */
export async function writeRendered(
  output: string,
  { bytes, beside }: Pick<RenderedFigure, 'bytes' | 'beside'>,
  force: boolean,
): Promise<string[]> {
  // The pictures first: a figure that is there has all that it needs.
  const files = [...beside.map((file) => ({ path: join(dirname(output), file.name), bytes: file.bytes })), { path: output, bytes }];
  for (const { path } of files) await refuseExisting(path, { force });
  for (const file of files) await writeFileAtomically(file.path, file.bytes, { force });
  return files.map(({ path }) => path);
}

/** Draws a recipe whose paths are relative to `base` into a file, saying what it needs beside it. */
export async function drawInto(
  output: string,
  recipe: FigureRecipe,
  base: string,
  { force = false, computed }: { readonly force?: boolean; readonly computed?: ComputedAlready } = {},
): Promise<void> {
  const written = await writeRendered(output, await renderFor(output, recipe, shownReaders(base, [], computed)), force);
  written.filter((path) => path !== output).forEach((path) => remark(path));
}
