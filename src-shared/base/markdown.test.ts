import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { familySlug } from '../merge/recipes/family-pages';
import { shippedRecipes } from '../merge/recipes/shipped';
import { htmlOfMarkdown } from './markdown';

const FOLDER = new URL('../../assets/help/families/', import.meta.url);
const pages = readdirSync(FOLDER).sort();
const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

test('every family of a shipped recipe has a page, and every page a family', () => {
  const families = [...new Set(shippedRecipes().map(({ family }) => `${familySlug(family)}.md`))].sort();
  expect(pages).toEqual(families);
});

test.each(pages)('the page %s is set without an error: its name, a displayed formula, its source', (name) => {
  const html = htmlOfMarkdown(textOf(name));
  expect(html).not.toMatch(/katex-error/);
  expect(html).not.toContain('$');
  expect(html).toMatch(/^<h1>/);
  expect(html).toMatch(/katex-display/);
  expect(html).toMatch(/<h2>Source<\/h2>\s*<p>.*\d{4}/);
});

test('a formula that cannot be set is shown as an error, and the rest of the page stands', () => {
  const html = htmlOfMarkdown('before $\\nonsense{$ after');
  expect(html).toMatch(/before .*katex-error.* after/s);
});

test('a page runs nothing: tags are shown as text, addresses of scripts are dropped, formulas load nothing', () => {
  const html = htmlOfMarkdown(
    '<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n$\\href{javascript:alert(1)}{x}$ $\\includegraphics{http://x/y.png}$',
  );
  expect(html).not.toMatch(/<script|href="javascript|<img/);
  expect(html).toContain('&lt;script&gt;');
});
