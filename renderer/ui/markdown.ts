// Markdown with formulas as HTML: micromark for the text, KaTeX for $...$ and $$...$$. HTML in the text is shown as text and
// addresses that run code are dropped, which is micromark's default: a page can never do anything.
import { micromark } from 'micromark';
import { math, mathHtml } from 'micromark-extension-math';

/** The page's HTML; a formula that cannot be set stands there as a `.katex-error`. */
export function htmlOfMarkdown(text: string): string {
  return micromark(text, { extensions: [math()], htmlExtensions: [mathHtml({ throwOnError: false })] });
}
