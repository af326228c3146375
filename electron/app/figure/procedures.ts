// Figures: drawn from their recipe alone, handed out by URL.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import type { FigureFormat } from '@shared/figure/recipe';
import { parseFigureRecipe } from '@shared/figure/registry';
import { renderFigure } from './render';
import type { Studio } from '../studio';

const contentTypes: Readonly<Record<FigureFormat, string>> = { svg: 'image/svg+xml', png: 'image/png', pdf: 'application/pdf' };

/** Implements `figure` of the contract. */
export function figureProcedures({ datasets, bulk }: Studio) {
  const figure = implement(studioContract.figure);
  return {
    render: figure.render.handler(async ({ input: { recipe: asked, format } }) => {
      const recipe = parseFigureRecipe(asked);
      const rendered = await renderFigure(recipe, format, { datasets });
      const bytes = new Uint8Array(rendered.bytes);
      return { url: bulk.add({ kind: 'bytes', bytes }, { contentType: contentTypes[format] }), fileName: `${recipe.kind}.${format}` };
    }),
  };
}
