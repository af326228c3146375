// A figure as PNG: its SVG rasterised by resvg with the bundled DejaVu faces only, so that every machine
// gives the same pixels. Resolution and recipe are stored in the file.
import { crc32 } from 'node:zlib';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { DisplayList } from '@shared/figure/page/display-list';
import type { FigureRecipe } from '@shared/figure/recipe';
import { toSvg } from '@shared/figure/encode/svg';
import { figureAsset } from './font-files';

/** Print resolution in pixels per inch. */
export const PNG_DPI = 300;
const POINTS_PER_INCH = 72;
const INCHES_PER_METRE = 39.3701;
/** Length of PNG's signature and its first chunk, IHDR. */
const AFTER_HEADER = 8 + 25;

let ready: Promise<Uint8Array[]> | null = null;

/** Starts resvg once; resolves to the faces it draws with. */
function startResvg(): Promise<Uint8Array[]> {
  ready ??= (async () => {
    await initWasm(await figureAsset('resvg'));
    return Promise.all([figureAsset('regular'), figureAsset('bold')]);
  })();
  return ready;
}

/** The figure as PNG bytes at 300 dpi. */
export async function toPng(figure: DisplayList, recipe: FigureRecipe): Promise<Uint8Array> {
  const fontBuffers = await startResvg();
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
  return Buffer.concat([png.subarray(0, AFTER_HEADER), ...chunks, png.subarray(AFTER_HEADER)]);
}

function resolutionChunk(dpi: number): Buffer {
  const data = Buffer.alloc(9);
  const perMetre = Math.round(dpi * INCHES_PER_METRE);
  data.writeUInt32BE(perMetre, 0);
  data.writeUInt32BE(perMetre, 4);
  data[8] = 1; // unit: metre
  return chunk('pHYs', data);
}

/** iTXt, uncompressed, no language: keyword, then UTF-8 text. */
function textChunk(keyword: string, text: string): Buffer {
  return chunk('iTXt', Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.from([0, 0, 0, 0, 0]), Buffer.from(text, 'utf8')]));
}

/** A PNG chunk: length, type, data, CRC-32 of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
