// A figure as PNG: its SVG rasterised by resvg with the bundled DejaVu faces only, so that every machine
// gives the same pixels. Resolution and what it carries are stored in the file.
import { joinedBytes } from '../../base/joined-bytes';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { crc32 } from '../../checkpoint/zip/crc32';
import type { DisplayList } from '../page/display-list';
import type { FigureAssets } from './assets';
import type { Faces } from './faces';
import { toSvg } from './svg';

/** Print resolution in pixels per inch. */
export const PNG_DPI = 300;
const POINTS_PER_INCH = 72;
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
  ready ??= assets('resvg').then((wasm) => initWasm(wasm));
  await ready;
  const width = Math.round((figure.width / POINTS_PER_INCH) * dpi);
  const resvg = new Resvg(toSvg(figure, faces, { carried: null, withFont: false }), {
    font: {
      fontBuffers: [faces.regular.bytes, faces.bold.bytes],
      defaultFontFamily: figure.font === 'sans' ? 'DejaVu Sans' : 'DejaVu Serif',
      loadSystemFonts: false,
    },
    fitTo: { mode: 'width', value: width },
  });
  const image = resvg.render();
  const png = image.asPng();
  image.free();
  resvg.free();
  const chunks = [
    resolutionChunk(dpi),
    textChunk('Title', figure.title),
    textChunk('Description', figure.description),
    ...(carried === null ? [] : [textChunk(CARRIED, carried)]),
  ];
  return joinedBytes([png.subarray(0, AFTER_HEADER), ...chunks, png.subarray(AFTER_HEADER)]);
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

/** iTXt, uncompressed, no language: keyword, then UTF-8 text. */
function textChunk(keyword: string, text: string): Uint8Array {
  return chunk('iTXt', joinedBytes([utf8(keyword), new Uint8Array(5), utf8(text)]));
}

/** A PNG chunk: length, type, data, CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joinedBytes([utf8(type), data]);
  return joinedBytes([uint32(data.length), body, uint32(crc32(body))]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Four bytes, the highest first. */
function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
