// A display list as an SVG document: size in millimetres, one user unit = one point, the recipe inside
// <metadata> so that the figure can be made again from the file alone.
import { encode } from 'fast-png';
import { assertNever } from '../../base/assert-never';
import { millimetres, type DisplayList, type ImageMark, type Mark, type RectMark, type TextMark } from '../page/display-list';
import type { AnyRecipe } from '../recipe';

export const FONT_FAMILY = "'DejaVu Sans', Verdana, Geneva, sans-serif";

/** The figure as SVG text; `recipe` is stored in its metadata. */
export function toSvg(figure: DisplayList, recipe: AnyRecipe): string {
  const { width, height, title, description, marks } = figure;
  const size = `width="${round(millimetres(width))}mm" height="${round(millimetres(height))}mm" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${FONT_FAMILY}">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<metadata>${escapeXml(JSON.stringify(recipe))}</metadata>`,
    ...marks.map(markSvg),
    '</svg>\n',
  ].join('\n');
}

/** The recipe stored in an SVG made by `toSvg`, as text; null where there is none. */
export function recipeOfSvg(svg: string): string | null {
  const found = /<metadata>([^<]*)<\/metadata>/.exec(svg);
  return found ? unescapeXml(found[1]) : null;
}

function markSvg(mark: Mark): string {
  switch (mark.kind) {
    case 'rect':
      return `<rect x="${round(mark.x)}" y="${round(mark.y)}" width="${round(mark.width)}" height="${round(mark.height)}" ${paint(mark)}/>`;
    case 'path': {
      const stroke = `stroke="${mark.stroke}" stroke-width="${round(mark.strokeWidth)}"${dashes(mark.dash)}`;
      return `<polyline points="${mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')}" fill="none" ${stroke}/>`;
    }
    case 'text':
      return textSvg(mark);
    case 'image':
      return imageSvg(mark);
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
  return `<image ${place} image-rendering="optimizeSpeed" href="data:image/png;base64,${base64(png)}"/>`;
}

function base64(bytes: Uint8Array): string {
  const CHUNK = 0x8000; // far below every engine's limit of call arguments
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(text);
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
