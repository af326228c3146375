// The frame of every pattern figure: title, pieces, and a note that says which block of what is drawn, how,
// and what was left out.
import type { DisplayList, FigureTable } from './display-list';
import { assemble, note, pageOf, paragraph, titleBlock, type Note, type Page, type Placed } from './layout';
import type { RecipeHead } from '../recipe';

/** What the pictures are about. */
export interface PatternAbout {
  /** Path of the block, empty for a network that is one block. */
  readonly block: string;
  /** Numbers of the epochs drawn, one per subject; empty unless a run is drawn over its epochs. */
  readonly epochs: readonly number[];
  /** Whose block each subject is, and what was left out of a run: sentences. */
  readonly remarks: readonly string[];
}

/** A piece of a figure, drawn below the one before it. */
export type Piece = (page: Page, top: number) => Placed;

/** A name for a block in a sentence. */
export function blockName(path: string): string {
  return path === '' ? 'the block' : `block ${path}`;
}

/** A group of a recipe in words. */
export function groupText(group: number | null): string {
  return group === null ? 'all groups together' : `group (share-set) ${group}`;
}

/** A line over a piece. */
export function heading(text: string): Piece {
  return (page, top) => paragraph(page.left, top, text, page.size, page.right - page.left, { bold: true });
}

/** The figure made of pieces from top to bottom and the sentences below them; `measured` holds its numbers in words and as tables. */
export function patternSheet(
  { layout }: Pick<RecipeHead, 'layout'>,
  { block, remarks }: PatternAbout,
  name: string,
  sentences: readonly string[],
  pieces: readonly Piece[],
  measured: { readonly words?: string; readonly tables?: readonly FigureTable[] } = {},
): DisplayList {
  const page = pageOf(layout);
  const placed: (Placed | Note)[] = [titleBlock(page, layout.title)];
  for (const piece of pieces) placed.push(piece(page, placed[placed.length - 1].bottom + page.size * 0.5));
  const text = [`${name} of FC3 in ${blockName(block)}.`, ...sentences, ...remarks].join(' ');
  placed.push(note(page, placed[placed.length - 1].bottom, text));
  const { words = '', tables = [] } = measured;
  const description = words === '' ? text : `${words} ${text}`;
  return assemble(page, { title: layout.title ?? `${name} of ${blockName(block)}`, description, tables }, placed);
}
