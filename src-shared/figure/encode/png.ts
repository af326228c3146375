// A figure as PNG: its SVG rasterised by resvg with the bundled DejaVu faces only, so that every machine
// gives the same pixels. Resolution and recipe are stored in the file.
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { crc32 } from '../../checkpoint/zip/crc32';
import type { DisplayList } from '../page/display-list';
import type { AnyRecipe } from '../recipe';
import type { FigureAssets } from './assets';
import { toSvg } from './svg';

/** Print resolution in pixels per inch. */
export const PNG_DPI = 300;
const POINTS_PER_INCH = 72;
const INCHES_PER_METRE = 39.3701;
/** Length of PNG's signature and its first chunk, IHDR. */
const AFTER_HEADER = 8 + 25;

let ready: Promise<Uint8Array[]> | null = null;

/** Starts resvg once; resolves to the faces it draws with. */
function startResvg(assets: FigureAssets): Promise<Uint8Array[]> {
  ready ??= (async () => {
    await initWasm(await assets('resvg'));
    return Promise.all([assets('regular'), assets('bold')]);
  })();
  return ready;
}

/** The figure as PNG bytes at 300 dpi. */
export async function toPng(figure: DisplayList, recipe: AnyRecipe, assets: FigureAssets): Promise<Uint8Array> {
  const fontBuffers = await startResvg(assets);
  const width = Math.round((figure.width / POINTS_PER_INCH) * PNG_DPI);
  const resvg = new Resvg(toSvg(figure, recipe), {
    font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', loadSystemFonts: false },
    fitTo: { mode: 'width', value: width },
  });
  const image = resvg.render();
  const png = image.asPng();
  image.free();
  resvg.free();
  const chunks = [resolutionChunk(PNG_DPI), textChunk('Title', figure.title), textChunk('Recipe', JSON.stringify(recipe))];
  return joined([png.subarray(0, AFTER_HEADER), ...chunks, png.subarray(AFTER_HEADER)]);
}

function resolutionChunk(dpi: number): Uint8Array {
  const perMetre = Math.round(dpi * INCHES_PER_METRE);
  // Across, down, and the unit: metre.
  return chunk('pHYs', joined([uint32(perMetre), uint32(perMetre), Uint8Array.of(1)]));
}

/** iTXt, uncompressed, no language: keyword, then UTF-8 text. */
function textChunk(keyword: string, text: string): Uint8Array {
  return chunk('iTXt', joined([utf8(keyword), new Uint8Array(5), utf8(text)]));
}

/** A PNG chunk: length, type, data, CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([utf8(type), data]);
  return joined([uint32(data.length), body, uint32(crc32(body))]);
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

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
