// The few HTML forms the report is made of. All text passes through `escapeXml` here.
import { escapeXml } from '../encode/svg';

/** A figure of the report: its SVG (as `toSvg` makes it) and what to read off it. */
export interface ReportFigure {
  readonly svg: string;
  readonly caption: string;
}

/** A cell of a table: text, or text with a class (`number`, `good`, `bad`, `faint`). */
export type Cell = string | { readonly text: string; readonly className: string };

/** An element around trusted inner HTML. */
export function element(name: string, inner: string, className = ''): string {
  return `<${name}${className ? ` class="${className}"` : ''}>${inner}</${name}>`;
}

/** Paragraphs of plain text, separated by empty lines in `text`. */
export function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .filter((part) => part.trim() !== '')
    .map((part) => element('p', escapeXml(part)))
    .join('\n');
}

/** Name and value pairs. */
export function definitions(pairs: readonly (readonly [string, string])[]): string {
  return element('dl', pairs.map(([name, value]) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd></div>`).join('\n'));
}

/** A table with a caption; columns named in `head`. */
export function table(caption: string, head: readonly Cell[], rows: readonly (readonly Cell[])[], foot: readonly Cell[] = []): string {
  const cells = (row: readonly Cell[], name: 'td' | 'th'): string => element('tr', row.map((cell) => cellHtml(cell, name)).join(''));
  const footHtml = foot.length > 0 ? element('tfoot', cells(foot, 'td')) : '';
  const body = element('tbody', rows.map((row) => cells(row, 'td')).join('\n'));
  const inner = `<caption>${escapeXml(caption)}</caption>${element('thead', cells(head, 'th'))}${body}${footHtml}`;
  return element('div', element('table', inner), 'scroll');
}

/** A right-aligned cell. */
export function numeric(text: string): Cell {
  return { text, className: 'number' };
}

/** A figure with its caption; the SVG is inlined without its recipe, which its file carries. */
export function figureHtml({ svg, caption }: ReportFigure): string {
  const inline = svg.replace(/<metadata>[^<]*<\/metadata>\n?/, '');
  return element('figure', `${inline}${element('figcaption', escapeXml(caption))}`);
}

function cellHtml(cell: Cell, name: 'td' | 'th'): string {
  if (typeof cell === 'string') return element(name, escapeXml(cell));
  return element(name, escapeXml(cell.text), cell.className);
}
