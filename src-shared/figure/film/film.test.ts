// Films are read again by programs of others: APNG by fast-png, GIF by a reader written here from its specification, flip-books
// by pdf-lib. Every frame has its pixels, its time and its size.
import { decode, decodeApng } from 'fast-png';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { figureAsset } from '../../../electron/app/figure/font-files';
import { colourAt } from '../../colour/table';
import { carriedBy } from '../encode/carried';
import { encodeFigure } from '../encode/encode';
import { filled, textAt, type DisplayList } from '../page/display-list';
import { writeFilm, type Film } from './film';
import { GifWriter } from './gif';
import { filmPalette } from './palette';
import type { FilmFormat } from './settings';

/** A frame of a red, blue or green field and its number; the last one is higher than the others. */
const frame = (at: number): DisplayList => ({
  width: 96,
  height: at === 2 ? 60 : 48,
  title: `frame ${at}`,
  description: `a field, frame ${at}`,
  caption: at === 1 ? 'A caption.' : '',
  font: 'sans',
  outlines: false,
  tables: [],
  marks: [
    filled(0, 0, 96, at === 2 ? 60 : 48, '#ffffff'),
    filled(8, 8, 40, 24, ['#00429d', '#1a1a1a', '#ffffff'][at]),
    textAt(60, 30, String(at), 12),
    ...(at === 1 ? [textAt(4, 44, 'A caption.', 6, { caption: true })] : []),
  ],
});
const film: Film = {
  frames: [0, 1, 2].map((at) => () => frame(at)),
  colours: 'blue-orange',
  settings: { widthPx: 192, seconds: 0.25, holdSeconds: 1.5 },
};
const CARRIED = '{"kind":"film — é"}';
const written = (format: FilmFormat) => writeFilm(film, CARRIED, format, figureAsset);

/** A GIF's frames: indexes, delays, and its colours. Written from GIF89a's specification. */
function readGif(bytes: Uint8Array): {
  width: number;
  height: number;
  palette: number[];
  frames: { indexes: number[]; hundredths: number }[];
} {
  const uint16 = (at: number): number => bytes[at] + 256 * bytes[at + 1];
  expect(String.fromCharCode(...bytes.subarray(0, 6))).toBe('GIF89a');
  const colours = 2 << (bytes[10] & 7);
  const palette = Array.from({ length: colours }, (_, i) => (bytes[13 + 3 * i] << 16) | (bytes[14 + 3 * i] << 8) | bytes[15 + 3 * i]);
  const frames: { indexes: number[]; hundredths: number }[] = [];
  let [at, hundredths] = [13 + 3 * colours, 0];
  const data = (): number[] => {
    const all: number[] = [];
    for (; bytes[at] > 0; at += bytes[at] + 1) all.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
    at++;
    return all;
  };
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = bytes[at++];
      if (label === 0xf9) hundredths = uint16(at + 2);
      data();
    } else {
      expect(kind).toBe(0x2c);
      const depth = bytes[at + 9];
      at += 10;
      frames.push({ indexes: unpacked(data(), depth), hundredths });
    }
  }
  expect(at).toBe(bytes.length);
  return { width: uint16(6), height: uint16(8), palette, frames };
}

/** Variable-length-code LZW, as appendix F of the specification has it. */
function unpacked(data: readonly number[], depth: number): number[] {
  const [clear, end] = [1 << depth, (1 << depth) + 1];
  let [size, bit] = [depth + 1, 0];
  let table: number[][] = [];
  let old: number[] | null = null;
  const out: number[] = [];
  for (;;) {
    let code = 0;
    for (let i = 0; i < size; i++, bit++) code |= ((data[bit >> 3] >> (bit & 7)) & 1) << i;
    if (code === end) return out;
    if (code === clear) {
      table = Array.from({ length: end + 1 }, (_, i) => [i]);
      [size, old] = [depth + 1, null];
      continue;
    }
    if (code > table.length || (code === table.length && old === null)) throw new Error(`code ${code} is not known yet`);
    const entry: number[] = code < table.length ? table[code] : [...(old ?? []), (old ?? [])[0]];
    out.push(...entry);
    if (old !== null && table.length < 4096) table.push([...old, entry[0]]);
    if (table.length === 1 << size && size < 12) size++;
    old = entry;
  }
}

describe('a GIF', () => {
  it('has every frame, its size and its time, and colours that are nearly those of the figure', async () => {
    const { bytes, ...said } = await written('gif');
    const { width, height, palette, frames } = readGif(bytes);
    expect([width, height, frames.length]).toEqual([192, 120, 3]);
    expect(said).toEqual({ frames: 3, width: 192, height: 120, seconds: 2 });
    expect(frames.map(({ hundredths }) => hundredths)).toEqual([25, 25, 150]);
    for (const [at, one] of frames.entries()) {
      expect(one.indexes.length).toBe(192 * 120);
      const png = decode(await encodeFigure({ ...frame(at), height: 60 }, null, 'png', figureAsset));
      expect(png.width / 192).toBeGreaterThan(1);
      const middle = palette[one.indexes[40 * 192 + 50]];
      const wanted = [0x00429d, 0x1a1a1a, 0xffffff][at];
      for (const shift of [16, 8, 0]) expect(Math.abs(((middle >> shift) & 255) - ((wanted >> shift) & 255))).toBeLessThan(40);
    }
    // Below the shorter frames is paper.
    expect(palette[frames[0].indexes[119 * 192 + 10]]).toBe(0xffffff);
    expect(await carriedBy(bytes, 'a.gif')).toBe(CARRIED);
  });

  it('gives back what was put in, however long its codes grow', () => {
    let state = 7;
    const next = (): number => (state = (state * 1103515245 + 12345) % 2147483648) >> 16;
    for (const pixels of [
      Uint8Array.from({ length: 20_000 }, () => next() & 255),
      Uint8Array.from({ length: 20_000 }, (_, i) => (i >> 5) & 255),
      new Uint8Array(9000),
      Uint8Array.of(3),
      ...Array.from({ length: 40 }, (_, i) => Uint8Array.from({ length: 240 + i }, () => next() & 255)),
    ]) {
      const writer = new GifWriter(pixels.length, 1, [0]);
      writer.add(pixels, 10);
      expect(readGif(writer.finish(null)).frames[0].indexes).toEqual([...pixels]);
    }
  });

  it('has the colours of its scale evenly, none of them left out for being rare', () => {
    const palette = filmPalette('blue-orange');
    expect(palette.length).toBe(256);
    expect(palette).toContain(0xffffff);
    expect(palette).toContain(0x1a1a1a);
    // The ends are exact, and along the scale no colour is far from one of the palette: a hundredth of the way from end to end.
    const distance = (one: readonly number[], other: number): number =>
      Math.hypot(one[0] - (other >> 16), one[1] - ((other >> 8) & 255), one[2] - (other & 255));
    for (const t of [0, 1]) expect(Math.min(...palette.map((other) => distance(colourAt('blue-orange', t), other)))).toBeLessThan(1);
    const along = Array.from({ length: 500 }, (_, i) =>
      Math.min(...palette.map((other) => distance(colourAt('blue-orange', i / 499), other))),
    );
    expect(Math.max(...along)).toBeLessThan(5);
  });
});

describe('an animated PNG', () => {
  it('has every frame without loss, and its time', async () => {
    const { bytes } = await written('apng');
    const { frames, width, height, numberOfPlays } = decodeApng(bytes, { checkCrc: true });
    expect([width, height, frames.length, numberOfPlays]).toEqual([192, 120, 3, 0]);
    expect(frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([0.25, 0.25, 1.5]);
    frames.forEach(({ data }, at) => {
      const pixel = 3 * (40 * 192 + 50);
      const wanted = [0x00429d, 0x1a1a1a, 0xffffff][at];
      expect([...data.subarray(pixel, pixel + 3)]).toEqual([wanted >> 16, (wanted >> 8) & 255, wanted & 255]);
    });
    expect(await carriedBy(bytes, 'a.apng')).toBe(CARRIED);
  });
});

describe('a flip-book', () => {
  it('has a page a frame, all of one size, each a figure with its own alternative text', async () => {
    const { bytes, ...said } = await written('pdf');
    const pdf = await PDFDocument.load(bytes);
    expect(said).toEqual({ frames: 3, width: 96, height: 60, seconds: null });
    expect(pdf.getPages().map((page) => [page.getWidth(), page.getHeight()])).toEqual([
      [96, 60],
      [96, 60],
      [96, 60],
    ]);
    const alternatives = pdf.context.enumerateIndirectObjects().filter(([, object]) => String(object).includes('/S /Figure'));
    expect(alternatives.length).toBe(3);
    expect(await carriedBy(bytes, 'a.pdf')).toBe(CARRIED);
  });
});

it('tells how far it is, and ends when it is cancelled', async () => {
  const seen: number[] = [];
  await writeFilm(film, null, 'apng', figureAsset, { progress: (done) => seen.push(done) });
  expect(seen).toEqual([1, 2, 3]);
  const stop = new AbortController();
  const cancelled = writeFilm(film, null, 'gif', figureAsset, { progress: () => stop.abort(), signal: stop.signal });
  await expect(cancelled).rejects.toThrow(/abort/i);
});

it.each([
  [{ widthPx: 10 }, /64 to 4096 pixels wide, got 10/],
  [{ widthPx: 100.5 }, /pixels wide, got 100\.5/],
  [{ seconds: 0 }, /shown for 0\.02 to 60 seconds, got 0/],
  [{ holdSeconds: Number.NaN }, /got NaN/],
])('settings out of range are refused: %j', async (change, message) => {
  await expect(writeFilm({ ...film, settings: { ...film.settings, ...change } }, null, 'gif', figureAsset)).rejects.toThrow(message);
});

it('a film without a frame is refused', async () => {
  await expect(writeFilm({ ...film, frames: [] }, null, 'gif', figureAsset)).rejects.toThrow(/no frame/);
});
