// A drawn figure as a file of one of the three formats, its recipe inside.
import { assertNever } from '../../base/assert-never';
import type { DisplayList } from '../page/display-list';
import type { AnyRecipe, FigureFormat } from '../recipe';
import type { FigureAssets } from './assets';
import { toPdf } from './pdf';
import { toPng } from './png';
import { toSvg } from './svg';

/** Encodes a figure. */
export async function encodeFigure(
  figure: DisplayList,
  recipe: AnyRecipe,
  format: FigureFormat,
  assets: FigureAssets,
): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(toSvg(figure, recipe));
    case 'pdf':
      return toPdf(figure, recipe, assets);
    case 'png':
      return toPng(figure, recipe, assets);
    default:
      return assertNever(format);
  }
}
