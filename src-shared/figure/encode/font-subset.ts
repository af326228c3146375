// A TrueType font cut down to the glyphs of some characters, as a font of its own that browsers take (OpenType: sfnt with cmap,
// glyf, head, hhea, hmtx, loca, maxp, name, OS/2, post). Outlines are kept point for point; hinting and kerning are left out, so
// that text is as wide as its characters are, which is what figures are laid out by.
import { joinedBytes } from '../../base/joined-bytes';

const WHOLE = 0;
/** Flags of a part of a composite glyph (OpenType, glyf table). */
const [WORDS, SCALED, MORE, SCALED_XY, MATRIX, INSTRUCTED] = [0x1, 0x8, 0x20, 0x40, 0x80, 0x100];

/** A font's tables by tag. */
type Tables = ReadonlyMap<string, Uint8Array>;

/** The subset of `font` for characters whose glyph in it `glyphOf` gives. Throws RangeError for a font without TrueType outlines. */
export function subsetFont(font: Uint8Array, characters: readonly number[], glyphOf: (code: number) => number): Uint8Array {
  const tables = tablesOf(font);
  const outlines = outlinesOf(tables);
  const kept = withParts(outlines, [WHOLE, ...characters.map(glyphOf)]);
  const renumbered = new Map(kept.map((glyph, i) => [glyph, i]));
  const numberOf = (glyph: number): number => renumbered.get(glyph) ?? 0;
  const glyphs = kept.map((glyph) => rewritten(outlines(glyph), numberOf));
  const codes = [...new Set(characters)].sort((a, b) => a - b);
  return assembled({
    ...copied(tables, ['OS/2']),
    cmap: cmapOf(codes.map((code) => [code, numberOf(glyphOf(code))])),
    glyf: joinedBytes(glyphs),
    head: patched(tableOf(tables, 'head'), (view) => {
      view.setUint32(8, 0);
      view.setInt16(50, 1);
    }),
    hhea: patched(tableOf(tables, 'hhea'), (view) => view.setUint16(34, kept.length)),
    hmtx: metricsOf(tables, kept),
    loca: locationsOf(glyphs),
    maxp: patched(tableOf(tables, 'maxp'), (view) => view.setUint16(4, kept.length)),
    name: nameTable(),
    post: patched(tableOf(tables, 'post').slice(0, 32), (view) => view.setUint32(0, 0x00030000)),
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tablesOf(font: Uint8Array): Tables {
  const view = viewOf(font);
  return new Map(
    Array.from({ length: view.getUint16(4) }, (_, i): [string, Uint8Array] => {
      const at = 12 + 16 * i;
      const [offset, length] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      return [String.fromCharCode(...font.subarray(at, at + 4)), font.subarray(offset, offset + length)];
    }),
  );
}

function tableOf(tables: Tables, tag: string): Uint8Array {
  const table = tables.get(tag);
  if (table === undefined) throw new RangeError(`the font has no table ${tag}: it is not one of TrueType outlines`);
  return table;
}

function copied(tables: Tables, tags: readonly string[]): Record<string, Uint8Array> {
  return Object.fromEntries(tags.map((tag) => [tag, tableOf(tables, tag)]));
}

function patched(table: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const copy = table.slice();
  change(viewOf(copy));
  return copy;
}

/** The outline of a glyph, empty for one that draws nothing. */
function outlinesOf(tables: Tables): (glyph: number) => Uint8Array {
  const [loca, glyf] = [viewOf(tableOf(tables, 'loca')), tableOf(tables, 'glyf')];
  const long = viewOf(tableOf(tables, 'head')).getInt16(50) === 1;
  const at = (glyph: number): number => (long ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph));
  return (glyph) => glyf.subarray(at(glyph), at(glyph + 1));
}

/** One part of a composite glyph: where its record stands, and how long it is. */
interface Part {
  readonly at: number;
  readonly length: number;
  readonly glyph: number;
  readonly flags: number;
}

function partsOf(outline: Uint8Array): Part[] {
  const view = viewOf(outline);
  if (outline.length === 0 || view.getInt16(0) >= 0) return [];
  const parts: Part[] = [];
  for (let at = 10, flags = MORE; flags & MORE; ) {
    flags = view.getUint16(at);
    const scale = flags & MATRIX ? 8 : flags & SCALED_XY ? 4 : flags & SCALED ? 2 : 0;
    const length = 4 + (flags & WORDS ? 4 : 2) + scale;
    parts.push({ at, length, glyph: view.getUint16(at + 2), flags });
    at += length;
  }
  return parts;
}

/** The glyphs and, after them, all that they are made of, each once. */
function withParts(outlines: (glyph: number) => Uint8Array, glyphs: readonly number[]): number[] {
  const kept = new Set(glyphs);
  // A set's iteration reaches what is added on the way.
  for (const glyph of kept) for (const part of partsOf(outlines(glyph))) kept.add(part.glyph);
  return [...kept];
}

/** A glyph without its instructions, its parts by their new numbers, padded to four bytes. */
function rewritten(outline: Uint8Array, numberOf: (glyph: number) => number): Uint8Array {
  if (outline.length === 0) return outline;
  const parts = partsOf(outline);
  return padded(parts.length === 0 ? withoutInstructions(outline) : renumberedParts(outline, parts, numberOf));
}

function withoutInstructions(outline: Uint8Array): Uint8Array {
  const view = viewOf(outline);
  const at = 10 + 2 * view.getInt16(0);
  const instructions = view.getUint16(at);
  return joinedBytes([outline.subarray(0, at), new Uint8Array(2), outline.subarray(at + 2 + instructions)]);
}

function renumberedParts(outline: Uint8Array, parts: readonly Part[], numberOf: (glyph: number) => number): Uint8Array {
  const last = parts[parts.length - 1];
  return patched(outline.slice(0, last.at + last.length), (view) => {
    for (const { at, glyph, flags } of parts) {
      view.setUint16(at, flags & ~INSTRUCTED);
      view.setUint16(at + 2, numberOf(glyph));
    }
  });
}

function locationsOf(glyphs: readonly Uint8Array[]): Uint8Array {
  const table = new Uint8Array(4 * (glyphs.length + 1));
  const view = viewOf(table);
  let end = 0;
  glyphs.forEach((glyph, i) => view.setUint32(4 * (i + 1), (end += glyph.length)));
  return table;
}

/** Advance and left bearing of every kept glyph. */
function metricsOf(tables: Tables, kept: readonly number[]): Uint8Array {
  const [hmtx, full] = [viewOf(tableOf(tables, 'hmtx')), viewOf(tableOf(tables, 'hhea')).getUint16(34)];
  const table = new Uint8Array(4 * kept.length);
  const view = viewOf(table);
  kept.forEach((glyph, i) => {
    view.setUint16(4 * i, hmtx.getUint16(4 * Math.min(glyph, full - 1)));
    view.setInt16(4 * i + 2, glyph < full ? hmtx.getInt16(4 * glyph + 2) : hmtx.getInt16(4 * full + 2 * (glyph - full)));
  });
  return table;
}

/** Format 12: a group per character, Unicode. */
function cmapOf(pairs: readonly (readonly [code: number, glyph: number])[]): Uint8Array {
  const table = new Uint8Array(12 + 16 + 12 * pairs.length);
  const view = viewOf(table);
  view.setUint16(2, 1);
  view.setUint16(4, 3);
  view.setUint16(6, 10);
  view.setUint32(8, 12);
  view.setUint16(12, 12);
  view.setUint32(16, 16 + 12 * pairs.length);
  view.setUint32(24, pairs.length);
  pairs.forEach(([code, glyph], i) => [code, code, glyph].forEach((value, k) => view.setUint32(28 + 12 * i + 4 * k, value)));
  return table;
}

const COPYRIGHT =
  'DejaVu fonts: changes to Bitstream Vera are in the public domain; Bitstream Vera is copyright (c) 2003 by Bitstream, Inc.';

/** Copyright, family, style, full and PostScript name, for Windows in English. */
function nameTable(): Uint8Array {
  const names = [COPYRIGHT, 'Figure', 'Regular', 'Figure', 'Figure'];
  const texts = names.map((name) => Uint8Array.from([...name].flatMap((character) => [0, character.charCodeAt(0)])));
  const head = new Uint8Array(6 + 12 * names.length);
  const view = viewOf(head);
  view.setUint16(2, names.length);
  view.setUint16(4, head.length);
  let offset = 0;
  texts.forEach((text, i) => {
    [3, 1, 0x409, [0, 1, 2, 4, 6][i], text.length, offset].forEach((value, k) => view.setUint16(6 + 12 * i + 2 * k, value));
    offset += text.length;
  });
  return joinedBytes([head, ...texts]);
}

/** An sfnt file of the tables, with its checksums. */
function assembled(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
  const power = Math.floor(Math.log2(entries.length));
  const head = new Uint8Array(12 + 16 * entries.length);
  const view = viewOf(head);
  view.setUint32(0, 0x00010000);
  [entries.length, 16 * 2 ** power, power, 16 * (entries.length - 2 ** power)].forEach((value, i) => view.setUint16(4 + 2 * i, value));
  let offset = head.length;
  const bodies = entries.map(([tag, table], i) => {
    const body = padded(table);
    [...tag].forEach((character, k) => view.setUint8(12 + 16 * i + k, character.charCodeAt(0)));
    [sumOf(body), offset, table.length].forEach((value, k) => view.setUint32(16 + 16 * i + 4 * k, value));
    offset += body.length;
    return body;
  });
  const file = joinedBytes([head, ...bodies]);
  const at = viewOf(file).getUint32(20 + 16 * entries.findIndex(([tag]) => tag === 'head'));
  viewOf(file).setUint32(at + 8, 0xb1b0afba - sumOf(file));
  return file;
}

function sumOf(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}

function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 4 === 0 ? bytes : joinedBytes([bytes, new Uint8Array(4 - (bytes.length % 4))]);
}
