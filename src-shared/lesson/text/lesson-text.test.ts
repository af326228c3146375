// Texts of lessons as HTML: pictures of the lesson's own, addresses that lead nowhere, terms with their meaning.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseGlossary, withTerms } from './glossary';
import { lessonHtml } from './lesson-text';
import { linkOfState, parsePreparedState, preparedStateSchema, preparedStateText, stateOfLink } from '../prepared-state';

const none = { picture: () => null };

test('nothing of a text runs or is loaded: tags, addresses, pictures elsewhere', () => {
  const html = lessonHtml(
    '<img src=x onerror=alert(1)> [a](javascript:alert(1)) [b](https://example.org/x) ![c](https://example.org/c.png) ![d](//e.org/d.png)',
    none,
  );
  expect(html).not.toMatch(/<img|<a |<script/);
  expect(html).toContain('b <span class="address">(https://example.org/x)</span>');
  expect(html).toContain('[picture not at hand: c]');
});

test('a picture of the lesson is shown from where the host has it, quotes in its text and all', () => {
  const html = lessonHtml('![a "b" <c>](w.svg "t")', { picture: (name) => (name === 'w.svg' ? 'data:image/svg+xml;base64,AA' : null) });
  expect(html).toContain('<img src="data:image/svg+xml;base64,AA" alt="a &quot;b&quot; &lt;c&gt;"/>');
});

test('a link to a page of help is a button', () => {
  expect(lessonHtml('[norm](#help-batch-norm)', none)).toContain(
    '<button type="button" class="help-link" data-help="batch-norm">norm</button>',
  );
});

test('formulas are set for the browser alone where that is asked for, and tables are tables', () => {
  expect(lessonHtml('$a^2$', { ...none, formulas: 'mathml' })).toMatch(/<math[\s\S]*<msup>/);
  expect(lessonHtml('| a | b |\n| --- | --- |\n| 1 | 2 |', none)).toMatch(/<table>[\s\S]*<td>2<\/td>/);
});

test('a term is explained once, at its first place in running text', () => {
  const terms = parseGlossary('- **kernel** (kernels): a block of weights. [More](#help-x)');
  expect(terms).toEqual([{ term: 'kernel', forms: ['kernels'], says: 'a block of weights.', page: 'x' }]);
  const html = withTerms('<h1>kernel</h1><p><code>kernel</code> subkernel Kernels and kernel</p>', terms);
  expect(html).toBe(
    '<h1>kernel</h1><p><code>kernel</code> subkernel <dfn class="glossed" tabindex="0">Kernels<span class="glossed-says" role="tooltip">a block of weights.</span></dfn> and kernel</p>',
  );
  const set = lessonHtml('$kernel$ then kernel', { ...none, terms });
  expect(set.match(/class="glossed"/g)).toHaveLength(1);
  expect(set).toMatch(/then <dfn/);
});

describe('the pages of help', () => {
  const root = new URL('../../../assets/help/', import.meta.url);
  const files = ['.', 'ideas', 'reference', 'families'].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root))
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ name: name.replace(/\.md$/, ''), text: readFileSync(new URL(`${folder}/${name}`, root), 'utf8') })),
  );
  const names = new Set(files.map(({ name }) => name));
  const glossary = parseGlossary(files.find(({ name }) => name === 'glossary')?.text ?? '');

  test.each(files)('$name is set without an error, begins with its title, and its links lead to pages', ({ text }) => {
    const html = lessonHtml(text, { ...none, terms: glossary });
    expect(html).toMatch(/^<h1>/);
    expect(html).not.toContain('katex-error');
    for (const [, page] of html.matchAll(/data-help="([^"]+)"/g)) expect([...names]).toContain(page);
  });

  test('every line of the glossary is a term, and its page is there', () => {
    const lines = (files.find(({ name }) => name === 'glossary')?.text ?? '').split('\n').filter((line) => line.startsWith('- '));
    expect(glossary).toHaveLength(lines.length);
    for (const { page } of glossary) if (page !== null) expect([...names]).toContain(page);
  });
});

describe('a prepared state', () => {
  const state = preparedStateSchema.parse({
    stage: 'convolution',
    scene: { h: 5, w: 6, pad: 0 },
    network: { model: 'pure-mlp-small', set: { width: 8 } },
  });

  test('comes back from its file and from its link', () => {
    expect(parsePreparedState(preparedStateText(state), 's.json')).toEqual(state);
    expect(stateOfLink(`#${linkOfState(state)}`)).toEqual(state);
    expect(stateOfLink('#convolution')).toBeNull();
  });

  test('that was cut or changed is refused in words', () => {
    expect(() => stateOfLink(`#${linkOfState(state).slice(0, -9)}`)).toThrow(/cut or changed/);
    expect(() => parsePreparedState(preparedStateText(state).replace('"pad": 0', '"pad": 99'), 's.json')).toThrow(
      /s\.json: state\.scene\.pad/,
    );
    expect(() => parsePreparedState('{"format":"other"}', 's.json')).toThrow(/"format" of a prepared state/);
  });
});
