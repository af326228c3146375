// The text of a lesson as HTML that can do nothing: Markdown with formulas, pictures of the lesson's own, addresses that are shown
// and lead nowhere, terms of the glossary with their meaning.
import { htmlOfMarkdown, type FormulaOutput } from '../../base/markdown';
import { withTerms, type Term } from './glossary';

export interface TextSetting {
  readonly formulas?: FormulaOutput;
  /** A picture of the lesson's folder as an address that needs no network; null where it is not at hand. */
  readonly picture: (name: string) => string | null;
  /** Whether pages of help can be opened; else links to them are text. */
  readonly help?: boolean;
  /** Terms whose meaning is shown; none where they are left out. */
  readonly terms?: readonly Term[];
}

/** The HTML of a text whose formulas in `[[ ]]` are filled in already. */
export function lessonHtml(text: string, { formulas, picture, help = true, terms = [] }: TextSetting): string {
  // Raw HTML in the text was escaped: every tag here is one that the library wrote.
  const html = htmlOfMarkdown(text, formulas)
    .replace(/<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? ?\/>/g, (_, source: string, alt: string) =>
      pictureHtml(source, alt, picture),
    )
    .replace(/<a href="([^"]*)"(?: title="[^"]*")?>([\s\S]*?)<\/a>/g, (_, address: string, inner: string) =>
      linkHtml(address, inner, help),
    );
  return terms.length > 0 ? withTerms(html, terms) : html;
}

function pictureHtml(source: string, alt: string, picture: TextSetting['picture']): string {
  const url = picture(decoded(source));
  if (url === null) return `<span class="missing-picture">[picture not at hand: ${alt || source}]</span>`;
  return `<img src="${url}" alt="${alt}"/>`;
}

function decoded(source: string): string {
  try {
    return decodeURI(source);
  } catch {
    return source;
  }
}

/** Help pages are opened by `#help-NAME`; every other address is text. */
function linkHtml(address: string, inner: string, help: boolean): string {
  const page = /^#help-([a-z0-9-]+)$/.exec(address)?.[1];
  if (page !== undefined && !help) return inner;
  if (page !== undefined) return `<button type="button" class="help-link" data-help="${page}">${inner}</button>`;
  if (address === '' || address === inner) return inner;
  return `${inner} <span class="address">(${address})</span>`;
}
