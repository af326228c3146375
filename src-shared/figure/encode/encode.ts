// A drawn figure as a file of one of the formats, with what it carries: its recipe and where its numbers come from.
import { assertNever } from '../../base/assert-never';
import type { DisplayList } from '../page/display-list';
import type { FigureFormat, FileFormat } from '../recipe';
import type { FigureAssets } from './assets';
import { readFaces } from './faces';
import { toPdf } from './pdf';
import { toPgf, type BesideFile } from './pgf';
import { toPng } from './png';
import { toSvg } from './svg';

/** A figure's file, and those that it needs beside it. */
export interface EncodedFigure {
  readonly bytes: Uint8Array;
  readonly beside: readonly BesideFile[];
}

/** What a figure is written as, and what files beside it are called after. */
export interface Encoding {
  readonly format: FigureFormat;
  readonly stem: string;
}

/** As `encodeFigure`, in any format. */
export async function encodeFiles(
  figure: DisplayList,
  carried: string | null,
  { format, stem }: Encoding,
  assets: FigureAssets,
): Promise<EncodedFigure> {
  if (format !== 'pgf') return { bytes: await encodeFigure(figure, carried, format, assets), beside: [] };
  const { text, beside } = toPgf(figure, carried, stem);
  return { bytes: new TextEncoder().encode(text), beside };
}

/** Encodes a figure; `carried` is text that travels inside, null for none. */
export async function encodeFigure(
  figure: DisplayList,
  carried: string | null,
  format: FileFormat,
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
