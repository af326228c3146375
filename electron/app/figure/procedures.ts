// Figures: drawn from their recipe alone, handed out by URL.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import type { FigureFormat, FigureSource } from '@shared/figure/recipe';
import { renderFigure, type PictureReader } from './render';
import type { Studio } from '../studio';

const contentTypes: Readonly<Record<FigureFormat, string>> = { svg: 'image/svg+xml', png: 'image/png', pdf: 'application/pdf' };

/** Implements `figure` of the contract. */
export function figureProcedures({ weights, datasets, bulk }: Studio) {
  const figure = implement(studioContract.figure);
  return {
    render: figure.render.handler(async ({ input: { recipe, format } }) => {
      const pictures: PictureReader = {
        open: async (reference) => datasets.open((await datasets.settle(reference, null)).reference),
        picture: (file) => datasets.picture(file),
      };
      const load = (source: FigureSource) => weights.loadPath(bulk.fileOf(source.path) ?? source.path, source.weights);
      const bytes = new Uint8Array(await renderFigure(recipe, format, { base: null, load, pictures }));
      return { url: bulk.add({ kind: 'bytes', bytes }, { contentType: contentTypes[format] }), fileName: `${recipe.kind}.${format}` };
    }),
  };
}
