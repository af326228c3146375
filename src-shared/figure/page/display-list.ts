// A figure as a short list of drawing marks in points (1/72 inch), origin at the top left: the one form
// from which SVG, PDF and PNG are made, so that all three show the same picture.

import { printable } from '../../base/printable';

/** A rectangle; `fill` and `stroke` are `#rrggbb` or null. */
export interface RectMark {
  readonly kind: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly strokeWidth: number;
  /** Dash and gap lengths; empty for a solid line. */
  readonly dash: readonly number[];
}

/** A matrix as coloured cells that fill a rectangle; how they are drawn, as vectors or as pixels, is in `cells.ts`. */
export interface CellsMark {
  readonly kind: 'cells';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  /** 4 * columns * rows bytes, one colour a cell. */
  readonly rgba: Uint8Array;
  /** Whether it is drawn as pixels however few cells it has: a row of few rectangles would be taken for the parts of a bar. */
  readonly asPixels?: boolean;
  /** What is shown, by name, and the numbers behind the colours: before they were pooled to cells. */
  readonly name: string;
  readonly values: { readonly rows: number; readonly columns: number; readonly data: Float32Array };
}

/** Straight lines through `points`, not closed. */
export interface PathMark {
  readonly kind: 'path';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly dash: readonly number[];
}

/** A closed area, filled by a colour that lets what lies under it through. */
export interface AreaMark {
  readonly kind: 'area';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly fill: string;
  /** In (0, 1]. */
  readonly opacity: number;
}

/** One line of text; `y` is the baseline. `turned` text runs upwards, (x, y) being its anchor. */
export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly bold: boolean;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly fill: string;
  readonly turned: boolean;
  /** Whether it is one of the sentences below the figure. */
  readonly caption: boolean;
}

/** A raster stretched over a rectangle without smoothing; `rgba` has 4 * columns * rows bytes. */
export interface ImageMark {
  readonly kind: 'image';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  readonly rgba: Uint8Array;
}

/** Marks that every format has. */
export type PlainMark = RectMark | PathMark | AreaMark | TextMark | ImageMark;
export type Mark = PlainMark | CellsMark;

/** Numbers of a figure as a table: what a sidecar file holds. */
export interface FigureTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A finished figure; lengths in points. */
export interface DisplayList {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What the figure shows, in words, for readers who cannot see it. */
  readonly description: string;
  /** The sentences that explain it: a draft of its caption, drawn below it or not. */
  readonly caption: string;
  readonly font: 'sans' | 'serif';
  /** Whether text is drawn as outlines. */
  readonly outlines: boolean;
  /** Numbers beside those of cells. */
  readonly tables: readonly FigureTable[];
  readonly marks: readonly Mark[];
}

export const INK = '#1a1a1a';
export const FAINT_INK = '#595959';
export const RULE = '#b8b8b8';
export const PAPER = '#ffffff';

/** The unit of all lengths on a page. */
export const POINTS_PER_INCH = 72;
const POINTS_PER_MM = POINTS_PER_INCH / 25.4;

/** Millimetres as points. */
export function points(millimetres: number): number {
  return millimetres * POINTS_PER_MM;
}

/** Points as millimetres. */
export function millimetres(length: number): number {
  return length / POINTS_PER_MM;
}

/** A filled rectangle without outline. */
export function filled(x: number, y: number, width: number, height: number, fill: string): RectMark {
  return { kind: 'rect', x, y, width, height, fill, stroke: null, strokeWidth: 0, dash: [] };
}

/** The outline of a rectangle. */
export function outlined(
  x: number,
  y: number,
  width: number,
  height: number,
  stroke: string,
  strokeWidth = 0.6,
  dash: number[] = [],
): RectMark {
  return { kind: 'rect', x, y, width, height, fill: null, stroke, strokeWidth, dash };
}

/** A line through points. */
export function line(through: readonly (readonly [number, number])[], stroke: string, strokeWidth = 0.6, dash: number[] = []): PathMark {
  return { kind: 'path', points: through, stroke, strokeWidth, dash };
}

export type TextOptions = Partial<Pick<TextMark, 'bold' | 'anchor' | 'fill' | 'turned' | 'caption'>>;

/** A line of text with its baseline at `y`. Names of files and classes may stand in it: nothing in them steers what is around them. */
export function textAt(x: number, y: number, text: string, size: number, options: TextOptions = {}): TextMark {
  return {
    kind: 'text',
    x,
    y,
    text: printable(text),
    size,
    bold: false,
    anchor: 'start',
    fill: INK,
    turned: false,
    caption: false,
    ...options,
  };
}
