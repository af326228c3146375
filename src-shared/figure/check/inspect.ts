// The inspection of a figure's file, of this program or any other.
import { UserError } from '../../base/user-error';
import type { VenueName } from '../venues';
import type { SheetFacts } from './facts';
import { judge, type Inspection } from './judge';
import { readSvg } from './read-svg';

/** What is on a figure's sheet. Rejects with UserError for what is neither PDF nor SVG. */
export async function readSheet(bytes: Uint8Array, where: string): Promise<SheetFacts> {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  // A few programs write bytes before the head; readers look for it within the first 1024.
  if (start.includes('%PDF-')) {
    // Loaded when it is needed: pdf.js is larger than all that draws figures.
    const { readPdf } = await import('./read-pdf');
    return readPdf(bytes, where);
  }
  const text = new TextDecoder().decode(bytes);
  if (/<(\w+:)?svg[\s>]/.test(text)) return readSvg(text, where);
  throw new UserError(`${where} is neither a PDF nor an SVG: only these say their size, fonts and lines`);
}

/** Inspects a figure for print, for a venue where one is named. */
export async function inspectFigure(bytes: Uint8Array, where: string, venue: VenueName | null): Promise<Inspection> {
  return judge(await readSheet(bytes, where), venue);
}
