// A drawn figure as a file of one of the three formats, with what it carries: its recipe and where its numbers come from.
import { assertNever } from '../../base/assert-never';
import type { DisplayList } from '../page/display-list';
import type { FigureFormat } from '../recipe';
import type { FigureAssets } from './assets';
import { readFaces } from './faces';
import { toPdf } from './pdf';
import { toPng } from './png';
import { toSvg } from './svg';

/** Encodes a figure; `carried` is text that travels inside, null for none. */
export async function encodeFigure(
  figure: DisplayList,
  carried: string | null,
  format: FigureFormat,
  assets: FigureAssets,
): Promise<Uint8Array> {
  const faces = await readFaces(figure, assets);
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(toSvg(figure, faces, { carried, withFont: true }));
    case 'pdf':
      return toPdf(figure, faces, carried);
    case 'png':
      return toPng(figure, faces, carried, assets);
    default:
      return assertNever(format);
  }
}
