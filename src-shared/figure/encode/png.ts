// A figure as PNG: its SVG rasterised by resvg with the bundled DejaVu faces only, so that every machine
// gives the same pixels. Resolution and what it carries are stored in the file.
import { joinedBytes } from '../../base/joined-bytes';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { POINTS_PER_INCH, type DisplayList } from '../page/display-list';
import type { FigureAssets } from './assets';
import type { Faces } from './faces';
import { chunk, textChunk, uint32 } from './png-chunks';
import { toSvg } from './svg';

/** Print resolution in pixels per inch. */
export const PNG_DPI = 300;
const INCHES_PER_METRE = 39.3701;
const SIGNATURE = 8;
/** Length of PNG's signature and its first chunk, IHDR. */
const AFTER_HEADER = SIGNATURE + 25;
/** Keyword of the text chunk that holds what a figure carries. */
const CARRIED = 'Recipe';

let ready: Promise<unknown> | null = null;

/** The figure as PNG bytes. */
export async function toPng(
  figure: DisplayList,
  faces: Faces,
  carried: string | null,
  assets: FigureAssets,
  dpi = PNG_DPI,
): Promise<Uint8Array> {
  const width = Math.round((figure.width / POINTS_PER_INCH) * dpi);
  const image = await rendered(figure, faces, width, assets);
  const png = image.asPng();
  image.free();
  return joinedBytes([png.subarray(0, AFTER_HEADER), resolutionChunk(dpi), ...textChunks(figure, carried), png.subarray(AFTER_HEADER)]);
}

/** A figure as pixels of 4 bytes each, `width` across. */
export async function rasterised(
  figure: DisplayList,
  faces: Faces,
  width: number,
  assets: FigureAssets,
): Promise<{ readonly width: number; readonly height: number; readonly pixels: Uint8Array }> {
  const image = await rendered(figure, faces, width, assets);
  const drawn = { width: image.width, height: image.height, pixels: image.pixels };
  image.free();
  return drawn;
}

async function rendered(
  figure: DisplayList,
  faces: Faces,
  width: number,
  assets: FigureAssets,
): Promise<ReturnType<InstanceType<typeof Resvg>['render']>> {
  ready ??= assets('resvg').then((wasm) => initWasm(wasm));
  await ready;
  const resvg = new Resvg(toSvg(figure, faces, { carried: null, withFont: false }), {
    font: {
      fontBuffers: [faces.regular.bytes, faces.bold.bytes],
      defaultFontFamily: figure.font === 'sans' ? 'DejaVu Sans' : 'DejaVu Serif',
      loadSystemFonts: false,
    },
    fitTo: { mode: 'width', value: width },
  });
  const image = resvg.render();
  resvg.free();
  return image;
}

/** Title, description and what a figure carries, as chunks of a PNG. */
export function textChunks({ title, description }: DisplayList, carried: string | null): Uint8Array[] {
  return [textChunk('Title', title), textChunk('Description', description), ...(carried === null ? [] : [textChunk(CARRIED, carried)])];
}

/** What a PNG made by `toPng` carries, as text; null where that is nothing. */
export function carriedByPng(png: Uint8Array): string | null {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const decoder = new TextDecoder();
  for (let at = SIGNATURE; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    const [type, data] = [decoder.decode(png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + length)];
    const head = `${CARRIED}\0\0\0\0\0`;
    if (type === 'iTXt' && decoder.decode(data.subarray(0, head.length)) === head) return decoder.decode(data.subarray(head.length));
    at += 12 + length;
  }
  return null;
}

function resolutionChunk(dpi: number): Uint8Array {
  const perMetre = Math.round(dpi * INCHES_PER_METRE);
  // Across, down, and the unit: metre.
  return chunk('pHYs', joinedBytes([uint32(perMetre), uint32(perMetre), Uint8Array.of(1)]));
}
