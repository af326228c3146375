// What is on a sheet, as far as print asks: read from a PDF (read-pdf.ts) or an SVG (read-svg.ts) of any program, judged in
// judge.ts. Lengths are in points at final size, the origin is the top left corner.
import { largestOf, smallestOf } from '../../base/extremes';

/** A rectangle around something. */
export interface Extent {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface SheetFont {
  readonly name: string;
  readonly embedded: boolean;
  readonly type3: boolean;
}

export interface SheetText {
  readonly text: string;
  readonly size: number;
}

/** A stroked line, `colour` as `#rrggbb`. */
export interface SheetLine {
  readonly width: number;
  readonly colour: string;
}

/** A raster, its pixels per inch along the coarser side, and the colours along it where it is a colour bar. */
export interface SheetImage {
  readonly dpi: number;
  readonly extent: Extent;
  readonly colours: readonly string[] | null;
}

/** A filled shape. */
export interface SheetPatch {
  readonly colour: string;
  readonly extent: Extent;
}

export interface SheetFacts {
  readonly format: 'PDF' | 'SVG';
  readonly pages: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly fonts: readonly SheetFont[];
  readonly texts: readonly SheetText[];
  readonly lines: readonly SheetLine[];
  readonly images: readonly SheetImage[];
  readonly patches: readonly SheetPatch[];
  /** Colours along gradients. */
  readonly gradients: readonly (readonly string[])[];
  /** What reaches beyond the page, in words. */
  readonly beyond: readonly string[];
  readonly title: string | null;
  readonly language: string | null;
  /** Texts for who cannot see the figure. */
  readonly alternatives: readonly string[];
  /** What a PDF that says it is one of PDF/UA lacks of it; null for one that says nothing of the kind. */
  readonly accessible: readonly string[] | null;
  /** Whether its content is in a structure tree (PDF), or it is declared one image (SVG). */
  readonly tagged: boolean;
}

/** How far something may reach beyond the page before it counts, points: rounding of files. */
export const EDGE_SLACK = 0.05;

/** Whether an extent reaches beyond a page. */
export function isBeyond({ x, y, width, height }: Extent, page: { readonly width: number; readonly height: number }): boolean {
  return x < -EDGE_SLACK || y < -EDGE_SLACK || x + width > page.width + EDGE_SLACK || y + height > page.height + EDGE_SLACK;
}

/** A transform, as PDF and SVG write it: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix6 = readonly [number, number, number, number, number, number];
export const IDENTITY: Matrix6 = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiplied(outer: Matrix6, inner: Matrix6): Matrix6 {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

/** The rectangle around points after a transform. */
export function extentOf(points: readonly (readonly [number, number])[], [a, b, c, d, e, f]: Matrix6): Extent {
  const [xs, ys] = [points.map(([x, y]) => a * x + c * y + e), points.map(([x, y]) => b * x + d * y + f)];
  const [x, y] = [smallestOf(xs), smallestOf(ys)];
  return { x, y, width: largestOf(xs) - x, height: largestOf(ys) - y };
}

/** Corners of a rectangle. */
export function cornersOf(x: number, y: number, width: number, height: number): (readonly [number, number])[] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
}

/** How much a transform enlarges lengths: the root of its area's factor. */
export function enlargement([a, b, c, d]: Matrix6): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}
