// A display list as an SVG document: size in millimetres, one user unit = one point, what it carries inside <metadata>, and the
// characters of its font as a web font inside, so that it looks the same where the font is not installed.
import { printable } from '../../base/printable';
import { encode } from 'fast-png';
import { assertNever } from '../../base/assert-never';
import { millimetres, type DisplayList, type ImageMark, type RectMark, type TextMark } from '../page/display-list';
import { dataUrl } from './base64';
import { drawnMarks, subsetName, subsetOf, type DrawnMark, type Faces } from './faces';

const FALLBACK = { sans: "'DejaVu Sans', Verdana, Geneva, sans-serif", serif: "'DejaVu Serif', Cambria, Georgia, serif" } as const;

/** How an SVG is written. */
export interface SvgOptions {
  /** Text kept in its metadata; none where null. */
  readonly carried: string | null;
  /** Whether the characters it needs travel in it as a font; not needed by who draws it with the fonts at hand. */
  readonly withFont: boolean;
}

/** The figure as SVG text. */
export function toSvg(figure: DisplayList, faces: Faces, { carried, withFont }: SvgOptions): string {
  const { width, height, title, description } = figure;
  const size = `width="${round(millimetres(width))}mm" height="${round(millimetres(height))}mm" viewBox="0 0 ${round(width)} ${round(height)}"`;
  const marks = drawnMarks(figure, faces);
  const font = withFont ? fontOf(marks, faces) : null;
  const family = `${font === null ? '' : `'${font.name}', `}${FALLBACK[figure.font]}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escapeXml(printable(title))}" font-family="${family}">`,
    `<title>${escapeXml(printable(title))}</title>`,
    `<desc>${escapeXml(printable(description, 'lines'))}</desc>`,
    ...(carried === null ? [] : [`<metadata>${escapeXml(carried)}</metadata>`]),
    ...(font === null ? [] : [`<style>${font.css}</style>`]),
    ...marks.map(markSvg),
    '</svg>\n',
  ].join('\n');
}

/** What an SVG made by `toSvg` carries, as text; null where that is nothing. */
export function carriedBySvg(svg: string): string | null {
  const found = /<metadata>([^<]*)<\/metadata>/.exec(svg);
  return found ? unescapeXml(found[1]) : null;
}

/** The characters of the marks' text as web fonts under one name. */
function fontOf(marks: readonly DrawnMark[], faces: Faces): { readonly name: string; readonly css: string } | null {
  const subsets = (['regular', 'bold'] as const).flatMap((face) => {
    const texts = marks.flatMap((mark) => (mark.kind === 'text' && mark.bold === (face === 'bold') ? mark.text : []));
    const subset = subsetOf(faces[face], texts);
    return subset === null ? [] : [{ face, subset }];
  });
  if (subsets.length === 0) return null;
  const name = subsetName(subsets.map(({ subset }) => subset));
  const css = subsets.map(
    ({ face, subset }) =>
      `@font-face{font-family:'${name}';font-weight:${face === 'bold' ? 'bold' : 'normal'};src:url(${dataUrl('font/ttf', subset)}) format('truetype')}`,
  );
  return { name, css: css.join('') };
}

function markSvg(mark: DrawnMark): string {
  switch (mark.kind) {
    case 'rect':
      return `<rect x="${round(mark.x)}" y="${round(mark.y)}" width="${round(mark.width)}" height="${round(mark.height)}" ${paint(mark)}/>`;
    case 'path': {
      const stroke = `stroke="${mark.stroke}" stroke-width="${round(mark.strokeWidth)}"${dashes(mark.dash)}`;
      return `<polyline points="${mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="none" ${stroke}/>`;
    }
    case 'area': {
      const corners = mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
      return `<polygon points="${corners}" fill="${mark.fill}" fill-opacity="${mark.opacity}"/>`;
    }
    case 'text':
      return textSvg(mark);
    case 'image':
      return imageSvg(mark);
    case 'shape':
      return `<path d="${mark.d}" fill="${mark.fill}"/>`;
    default:
      return assertNever(mark);
  }
}

function paint({ fill, stroke, strokeWidth, dash }: RectMark): string {
  const outline = stroke ? ` stroke="${stroke}" stroke-width="${round(strokeWidth)}"${dashes(dash)}` : '';
  return `fill="${fill ?? 'none'}"${outline}`;
}

function dashes(dash: readonly number[]): string {
  return dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
}

function textSvg({ x, y, text, size, bold, anchor, fill, turned }: TextMark): string {
  const weight = bold ? ' font-weight="bold"' : '';
  const turn = turned ? ` transform="rotate(-90 ${round(x)} ${round(y)})"` : '';
  const place = `x="${round(x)}" y="${round(y)}" font-size="${round(size)}" text-anchor="${anchor}" fill="${fill}"`;
  return `<text ${place}${weight}${turn}>${escapeXml(text)}</text>`;
}

function imageSvg({ x, y, width, height, columns, rows, rgba }: ImageMark): string {
  const png = encode({ width: columns, height: rows, data: rgba, channels: 4 });
  const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none"`;
  return `<image ${place} image-rendering="optimizeSpeed" href="${dataUrl('image/png', png)}"/>`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Text made safe inside XML elements and attributes; characters XML forbids are dropped. */
export function escapeXml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // XML 1.0 allows no control characters but tab and line ends.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[&<>"]/g, (character) => named[character]);
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
