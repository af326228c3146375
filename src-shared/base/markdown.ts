// Markdown with tables and formulas as HTML: micromark for the text, KaTeX for $...$ and $$...$$. HTML in the text is shown as text and
// addresses that run code are dropped, which is micromark's default: a page can never do anything.
import { micromark, parse, postprocess, preprocess } from 'micromark';
import { gfmTable, gfmTableHtml } from 'micromark-extension-gfm-table';
import { math, mathHtml } from 'micromark-extension-math';

/** How formulas are set: `html` needs KaTeX's style sheet and fonts, `mathml` is drawn by the browser alone. */
export type FormulaOutput = 'html' | 'mathml';

/** The page's HTML; a formula that cannot be set stands there as a `.katex-error`. */
export function htmlOfMarkdown(text: string, output?: FormulaOutput): string {
  const options = { throwOnError: false, ...(output === 'mathml' && { output }) };
  const html = micromark(text, { extensions: [gfmTable(), math()], htmlExtensions: [gfmTableHtml(), mathHtml(options)] });
  // A head that names nothing is an empty cell: a screen reader would announce it as a head.
  // What may be wider than its place is reached by the keyboard, which scrolls it.
  return html.replace(/<th( align="[a-z]+")?><\/th>/g, '<td$1></td>').replaceAll('<pre>', '<pre tabindex="0">');
}

/** A part of the text that is no part of another: where it begins and ends (offsets), its first line counted from 1. */
export interface MarkdownPart {
  readonly kind: 'heading' | 'fence';
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** Of a heading: 1 to 6; 0 otherwise. */
  readonly depth: number;
  /** A heading's text; the words after the opening of a fence. */
  readonly label: string;
  /** Lines inside a fence. */
  readonly body: string;
  readonly bodyLine: number;
}

/** The outermost headings and fenced blocks of a text, in order. Those inside lists and quotations belong to them. */
export function markdownParts(text: string): MarkdownPart[] {
  const events = postprocess(
    parse({ extensions: [gfmTable(), math()] })
      .document()
      .write(preprocess()(text, undefined, true)),
  );
  const parts: MarkdownPart[] = [];
  let inside = 0;
  for (const [way, { type, start, end }] of events) {
    if (CONTAINERS.has(type)) inside += way === 'enter' ? 1 : -1;
    if (way !== 'enter' || inside > 0 || !(type in PART_KINDS)) continue;
    parts.push(partOf(PART_KINDS[type], text.slice(start.offset, end.offset), start));
  }
  return parts;
}

const CONTAINERS: ReadonlySet<string> = new Set(['blockQuote', 'listOrdered', 'listUnordered']);
const PART_KINDS: Readonly<Record<string, MarkdownPart['kind']>> = { atxHeading: 'heading', codeFenced: 'fence' };

function partOf(
  kind: MarkdownPart['kind'],
  source: string,
  { offset, line }: { readonly offset: number; readonly line: number },
): MarkdownPart {
  const [first, ...rest] = source.split('\n');
  const place = { kind, start: offset, end: offset + source.length, line, bodyLine: line + 1 };
  if (kind === 'heading') {
    const [marks] = /^#+/.exec(first) ?? [''];
    return {
      ...place,
      depth: marks.length,
      label: first
        .slice(marks.length)
        .replace(/\s#+\s*$/, '')
        .trim(),
      body: '',
    };
  }
  const closed = rest.length > 0 && /^\s*[`~]{3,}\s*$/.test(rest[rest.length - 1]);
  const label = first.replace(/^\s*[`~]+/, '').trim();
  return { ...place, depth: 0, label, body: (closed ? rest.slice(0, -1) : rest).join('\n') };
}
