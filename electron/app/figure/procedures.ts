// Figures: drawn from their recipe alone and handed out by URL; inspected; opened again from a file that carries its recipe.
import { readRegular } from '../../files/regular-file';
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import { inspectFigure } from '@shared/figure/check/inspect';
import { millimetres } from '@shared/figure/page/display-list';
import type { FigureFormat } from '@shared/figure/recipe';
import { parseFigureRecipe } from '@shared/figure/registry';
import { figureComputing } from './computing';
import { LARGEST_FIGURE, openFigureFile, readProvenance } from './open';
import { renderFigure, type FigureReaders } from './render';
import type { Studio } from '../studio';

const contentTypes: Readonly<Record<FigureFormat, string>> = { svg: 'image/svg+xml', png: 'image/png', pdf: 'application/pdf' };

/** Implements `figure` of the contract. */
export function figureProcedures({ datasets, bulk, runsFolder, engines }: Studio) {
  const figure = implement(studioContract.figure);
  const computing = figureComputing(async (work) => work((await engines.current()).engine));
  const readers: FigureReaders = { datasets, search: [runsFolder], computing };
  return {
    render: figure.render.handler(async ({ input: { recipe: asked, format, strip } }) => {
      const recipe = parseFigureRecipe(asked);
      const { bytes, figure: drawn } = await renderFigure(recipe, format, readers, { strip });
      return {
        url: bulk.add({ kind: 'bytes', bytes: new Uint8Array(bytes) }, { contentType: contentTypes[format] }),
        fileName: `${recipe.kind}.${format}`,
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
