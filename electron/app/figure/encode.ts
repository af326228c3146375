// A drawn figure as a file of one of the three formats.
import { assertNever } from '@shared/base/assert-never';
import type { DisplayList } from '@shared/figure/page/display-list';
import type { FigureFormat, FigureRecipe } from '@shared/figure/recipe';
import { toSvg } from '@shared/figure/encode/svg';
import { toPdf } from './pdf';
import { toPng } from './png';

/** Encodes a figure; the recipe is stored inside the file. */
export async function encodeFigure(figure: DisplayList, recipe: FigureRecipe, format: FigureFormat): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(toSvg(figure, recipe));
    case 'pdf':
      return toPdf(figure, recipe);
    case 'png':
      return toPng(figure, recipe);
    default:
      return assertNever(format);
  }
}
