// Figures: drawn from their recipe alone and handed out by URL; inspected; opened again from a file that carries its recipe.
import { readRegular } from '../../files/regular-file';
import { implement } from '@orpc/server';
import { zipSync } from 'fflate';
import { studioContract } from '@shared/link/studio';
import { inspectFigure } from '@shared/figure/check/inspect';
import type { BesideFile } from '@shared/figure/encode/pgf';
import { millimetres } from '@shared/figure/page/display-list';
import type { FigureFormat } from '@shared/figure/recipe';
import { parseFigureRecipe } from '@shared/figure/registry';
import { LARGEST_FIGURE, openFigureFile, readProvenance } from './open';
import { renderFigure, type FigureReaders } from './render';
import type { Studio } from '../studio';

/** PGF comes with its pictures in one archive: a window saves one file. */
const contentTypes: Readonly<Record<FigureFormat, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  pdf: 'application/pdf',
  pgf: 'application/zip',
};

/** Implements `figure` of the contract. */
export function figureProcedures({ datasets, bulk, runsFolder }: Studio) {
  const figure = implement(studioContract.figure);
  const readers: FigureReaders = { datasets, search: [runsFolder] };
  return {
    render: figure.render.handler(async ({ input: { recipe: asked, format, strip } }) => {
      const recipe = parseFigureRecipe(asked);
      const { bytes, beside, figure: drawn } = await renderFigure(recipe, format, readers, { strip });
      const name = `${recipe.kind}.${format}`;
      const file = format === 'pgf' ? archiveOf([{ name, bytes }, ...beside]) : new Uint8Array(bytes);
      return {
        url: bulk.add({ kind: 'bytes', bytes: file }, { contentType: contentTypes[format] }),
        fileName: format === 'pgf' ? `${name}.zip` : name,
        widthMm: millimetres(drawn.width),
        heightMm: millimetres(drawn.height),
        caption: drawn.caption,
      };
    }),
    inspect: figure.inspect.handler(async ({ input: { recipe: asked } }) => {
      const recipe = parseFigureRecipe(asked);
      const { bytes } = await renderFigure(recipe, 'pdf', readers);
      return inspectFigure(bytes, `${recipe.kind}.pdf`, recipe.layout.venue ?? null);
    }),
    open: figure.open.handler(async ({ input: { path: asked } }) => {
      // A path, or what a window handed over.
      const path = bulk.fileOf(asked) ?? asked;
      const before = readProvenance(new Uint8Array(await readRegular(path, LARGEST_FIGURE)), path);
      return openFigureFile(await before, path, readers);
    }),
  };
}

/** Files as one archive, dated alike: the same files are the same bytes. */
function archiveOf(files: readonly BesideFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return new Uint8Array(zipSync(entries, { mtime: ARCHIVED }));
}

/** The first day that archives know. */
const ARCHIVED = new Date(1980, 0, 1);
