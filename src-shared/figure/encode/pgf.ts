// A figure as PGF commands for LaTeX: text is set by LaTeX in the document's own faces, lines and areas are vectors, matrices are
// bitmaps beside it, so that TeX's memory is not the limit. Lengths are in bp (1/72 inch), the origin is the bottom left corner.
// A figure "in outlines" has text all the same: that LaTeX sets it is what this format is for.
import { encode } from 'fast-png';
import { assertNever } from '../../base/assert-never';
import type { AreaMark, DisplayList, ImageMark, PathMark, PlainMark, RectMark, TextMark } from '../page/display-list';
import { rasterMarks } from '../page/cells';
import { latexText } from './latex-text';

/** A file that belongs to a figure's own; `name` is that which the figure calls it by. */
export interface BesideFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A figure as LaTeX reads it. */
export interface PgfFigure {
  readonly text: string;
  readonly beside: readonly BesideFile[];
}

/** What stands before the lines of a figure's provenance, a comment to LaTeX. */
const CARRIED = '%repmlp-figure ';
/** TeX reads lines of some hundred thousand characters at most. */
const LINE = 1000;

/** The figure as PGF; files beside it are called `stem` and a number. */
export function toPgf(figure: DisplayList, carried: string | null, stem: string): PgfFigure {
  const beside: BesideFile[] = [];
  const name = stem.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '') || 'figure';
  const keep = (mark: ImageMark): string => {
    const file = `${name}-${beside.length + 1}.png`;
    beside.push({ name: file, bytes: encode({ width: mark.columns, height: mark.rows, data: opaque(mark), channels: 3 }) });
    return file;
  };
  const { width, height } = figure;
  const family = figure.font === 'serif' ? '\\rmfamily' : '\\sffamily';
  const body = rasterMarks(figure.marks).flatMap((mark) => markPgf(mark, height, keep));
  const lines = [
    ...head(figure, beside),
    '\\begingroup',
    family,
    '\\begin{pgfpicture}',
    `\\pgfpathrectangle{\\pgfpointorigin}{${point(width, height)}}`,
    '\\pgfusepath{use as bounding box,clip}',
    ...body,
    '\\end{pgfpicture}%',
    '\\endgroup%',
    ...carriedLines(carried),
  ];
  return { text: `${lines.join('\n')}\n`, beside };
}

/** What a PGF file made by `toPgf` carries, as text; null where that is nothing. */
export function carriedByPgf(text: string): string | null {
  const lines = text.split('\n').flatMap((line) => (line.startsWith(CARRIED) ? [line.slice(CARRIED.length)] : []));
  return lines.length === 0 ? null : lines.join('');
}

/** Whether a file begins as one made by `toPgf`. */
export function isPgf(start: string): boolean {
  return start.startsWith(FIRST);
}

const FIRST = '%% RepMLP Studio, PGF';

function head({ title, description }: DisplayList, beside: readonly BesideFile[]): string[] {
  const comment = (text: string): string => `%% ${text.replaceAll(/\s+/g, ' ')}`;
  return [
    FIRST,
    comment('Preamble: \\usepackage{pgf,graphicx,lmodern} (or any face that is scalable); then \\input{THIS FILE}.'),
    ...(beside.length === 0
      ? []
      : [
          comment(
            `Beside it: ${beside.map(({ name }) => name).join(', ')}. In another folder than the document: \\graphicspath{{FOLDER/}}.`,
          ),
        ]),
    comment(title),
    ...wrapped(`Alternative text: ${description}`).map(comment),
  ];
}

function carriedLines(carried: string | null): string[] {
  if (carried === null) return [];
  return Array.from({ length: Math.ceil(carried.length / LINE) }, (_, i) => `${CARRIED}${carried.slice(i * LINE, (i + 1) * LINE)}`);
}

function wrapped(text: string): string[] {
  return text.match(/\S.{0,110}(?=\s|$)|\S+/g) ?? [];
}

function markPgf(mark: PlainMark, height: number, keep: (mark: ImageMark) => string): string[] {
  switch (mark.kind) {
    case 'rect':
      return rectPgf(mark, height);
    case 'path':
      return scope([...strokePgf(mark.stroke, mark.strokeWidth, mark.dash), ...throughPoints(mark, height), '\\pgfusepath{stroke}']);
    case 'area':
      return scope([
        `\\pgfsetfillopacity{${mark.opacity}}`,
        ...fillPgf(mark.fill),
        ...throughPoints(mark, height),
        '\\pgfpathclose',
        '\\pgfusepath{fill}',
      ]);
    case 'text':
      return [textPgf(mark, height)];
    case 'image': {
      const size = `width=${bp(mark.width)},height=${bp(mark.height)}`;
      const at = `x=${bp(mark.x)},y=${bp(height - mark.y - mark.height)}`;
      return [`\\pgftext[${at},left,bottom]{\\includegraphics[${size}]{${keep(mark)}}}`];
    }
    default:
      return assertNever(mark);
  }
}

function rectPgf({ x, y, width, height: tall, fill, stroke, strokeWidth, dash }: RectMark, height: number): string[] {
  const uses = [...(stroke === null ? [] : ['stroke']), ...(fill === null ? [] : ['fill'])];
  if (uses.length === 0) return [];
  return scope([
    ...(fill === null ? [] : fillPgf(fill)),
    ...(stroke === null ? [] : strokePgf(stroke, strokeWidth, dash)),
    `\\pgfpathrectangle{${point(x, height - y - tall)}}{${point(width, tall)}}`,
    `\\pgfusepath{${uses.join(',')}}`,
  ]);
}

function throughPoints({ points }: PathMark | AreaMark, height: number): string[] {
  return points.map(([x, y], i) => `\\pgfpath${i === 0 ? 'moveto' : 'lineto'}{${point(x, height - y)}}`);
}

function strokePgf(stroke: string, width: number, dash: readonly number[]): string[] {
  const dashes = dash.length === 0 ? [] : [`\\pgfsetdash{${dash.map((length) => `{${bp(length)}}`).join('')}}{0bp}`];
  return [`\\definecolor{figureline}{HTML}{${html(stroke)}}\\pgfsetstrokecolor{figureline}`, `\\pgfsetlinewidth{${bp(width)}}`, ...dashes];
}

function fillPgf(fill: string): string[] {
  return [`\\definecolor{figurefill}{HTML}{${html(fill)}}\\pgfsetfillcolor{figurefill}`];
}

function textPgf({ x, y, text, size, bold, anchor, fill, turned }: TextMark, height: number): string {
  const side = { start: ',left', middle: '', end: ',right' }[anchor];
  const type = `\\fontsize{${bp(size)}}{${bp(size * 1.2)}}\\selectfont${bold ? '\\bfseries' : ''}`;
  const place = `x=${bp(x)},y=${bp(height - y)}${turned ? ',rotate=90' : ''}`;
  return `\\pgftext[${place}${side},base]{\\definecolor{figuretext}{HTML}{${html(fill)}}\\color{figuretext}${type} ${latexText(text)}}`;
}

function scope(lines: readonly string[]): string[] {
  return ['\\begin{pgfscope}', ...lines, '\\end{pgfscope}'];
}

function point(x: number, y: number): string {
  return `\\pgfqpoint{${bp(x)}}{${bp(y)}}`;
}

function bp(length: number): string {
  return `${Number(length.toFixed(3))}bp`;
}

function html(colour: string): string {
  return colour.slice(1).toUpperCase();
}

/** Without alpha: pictures of figures have none. */
function opaque({ rgba }: ImageMark): Uint8Array {
  return rgba.filter((_, i) => i % 4 !== 3);
}
