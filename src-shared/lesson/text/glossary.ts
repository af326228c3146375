// The glossary: terms with a sentence each, and their marking in a page's HTML. Invariant: a term is marked once a page, at its first
// place in the running text, never inside a formula, code, a heading or a link.

export interface Term {
  readonly term: string;
  /** Other forms that mean the same. */
  readonly forms: readonly string[];
  readonly says: string;
  /** The page of help on it; null where there is none. */
  readonly page: string | null;
}

/** Reads a glossary: `- **term** (form, form): sentence. [page](#help-page)`, one a line. */
export function parseGlossary(text: string): Term[] {
  return text.split('\n').flatMap((line) => {
    const found = /^- \*\*(.+?)\*\*(?: \(([^)]*)\))?: (.+?)(?: \[[^\]]*\]\(#help-([a-z0-9-]+)\))?$/.exec(line.trim());
    if (!found) return [];
    const [, term, forms = '', says, page = null] = found;
    return [{ term, forms: forms.split(', ').filter((form) => form !== ''), says, page }];
  });
}

const CLOSED = /^<(?:h[1-6]|code|pre|button|math|dfn)\b/;

/** The HTML with every term's first place marked as `<dfn>`, which can take the focus and holds the meaning. */
export function withTerms(html: string, terms: readonly Term[]): string {
  const left = new Set(terms);
  const pieces = html.split(/(<[^>]*>)/);
  // Names of the elements whose text is left alone, innermost last.
  const inside: string[] = [];
  return pieces
    .map((piece) => {
      if (piece.startsWith('<')) {
        follow(piece, inside);
        return piece;
      }
      return inside.length > 0 ? piece : markedPiece(piece, left);
    })
    .join('');
}

/** Keeps count of the elements that are open inside one whose text is left alone. */
function follow(tag: string, inside: string[]): void {
  const name = /^<\/?([a-z0-9]+)/i.exec(tag)?.[1] ?? '';
  if (tag.startsWith('</')) {
    if (inside.at(-1) === name) inside.pop();
  } else if (!tag.endsWith('/>') && (inside.length > 0 || CLOSED.test(tag) || /^<span class="katex/.test(tag))) inside.push(name);
}

function markedPiece(text: string, left: Set<Term>): string {
  for (const term of left) {
    const names = [term.term, ...term.forms].map(escaped).join('|');
    const found = new RegExp(`(?<![\\w-])(${names})(?![\\w-])`, 'i').exec(text);
    if (!found) continue;
    left.delete(term);
    const [before, after] = [text.slice(0, found.index), text.slice(found.index + found[0].length)];
    return `${markedPiece(before, left)}${definition(found[0], term)}${markedPiece(after, left)}`;
  }
  return text;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function definition(shown: string, { says }: Term): string {
  const meaning = says.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<dfn class="glossed" tabindex="0">${shown}<span class="glossed-says" role="tooltip">${meaning}</span></dfn>`;
}
