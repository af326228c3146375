// PGF is held against the figure it is of by reading its commands again: groups that open and close, only commands that PGF
// and LaTeX have, every length in its place, text that says the same once it is unescaped.
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { FIGURES } from '../../../testing/figure/all-figures';
import { headOf } from '../../../testing/figure/figure-examples';
import { CELL_SHEETS } from '../../../testing/figure/cell-sheets';
import { textAt, type DisplayList, type TextMark } from '../page/display-list';
import { carriedBy } from './carried';
import { latexText } from './latex-text';
import { toPgf } from './pgf';

const commands = (text: string): string => text.replaceAll(/^%.*$/gm, '');
/** Of the commands that a figure may have: PGF's own and LaTeX's for text. */
const KNOWN =
  /^(begingroup|endgroup|begin|end|sffamily|rmfamily|bfseries|selectfont|fontsize|color|definecolor|includegraphics|pgf[a-z]+|text[a-z]+|[{}$&#%_]|times|div|pm|cdot|leq|geq|approx|neq|to|leftarrow|infty|surd|sum|in|(var)?(alpha|beta|gamma|delta|epsilon|mu|sigma|rho|phi))$/i;

/** Texts in TeX's arguments, braces within them counted. */
function argumentAfter(source: string, at: number): { readonly inside: string; readonly end: number } {
  let depth = 0;
  for (let i = at; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === '{') depth++;
    else if (source[i] === '}' && --depth === 0) return { inside: source.slice(at + 1, i), end: i + 1 };
  }
  throw new Error(`an argument that begins at ${at} does not end`);
}

/** The lengths of a command's points: x and y in bp. */
const POINT = /\\pgfqpoint\{(-?[\d.]+)bp\}\{(-?[\d.]+)bp\}/g;

describe.each(FIGURES.slice(0, 40).map((figure, i) => [`${figure.recipe.kind} ${i}`, figure] as const))(
  '%s as PGF',
  (_, { draw, recipe }) => {
    const figure = draw(headOf(120, 8).layout);
    const { text, beside } = toPgf(figure, JSON.stringify(recipe), 'a figure_of mine');
    const source = commands(text);

    it('opens and closes its groups and has only commands that there are', () => {
      const opened: string[] = [];
      for (const [, what, name] of source.matchAll(/\\(begin|end)\{(\w+)\}/g))
        if (what === 'begin') opened.push(name);
        else expect(opened.pop()).toBe(name);
      expect(opened).toEqual([]);
      expect(source.split('\\begingroup').length).toBe(source.split('\\endgroup').length);
      expect([...source.matchAll(/\\([a-zA-Z]+|.)/g)].map(([, name]) => name).filter((name) => !KNOWN.test(name))).toEqual([]);
      expect(argumentAfter(`{${source}}`, 0).end).toBe(source.length + 2);
    });

    it('has all text of the figure at its place, and pictures where the matrices are', () => {
      const texts = figure.marks.filter((mark): mark is TextMark => mark.kind === 'text');
      const set = [...source.matchAll(/\\pgftext\[x=([-\d.]+)bp,y=([-\d.]+)bp([^\]]*)\]/g)].map(
        ({ index, 0: all, 1: x, 2: y, 3: options }) => {
          const { inside } = argumentAfter(source, index + all.length);
          return { x: Number(x), y: Number(y), options, inside };
        },
      );
      const lines = set.filter(({ inside }) => !inside.startsWith('\\includegraphics'));
      expect(lines.length).toBe(texts.length);
      lines.forEach(({ x, y, options, inside }, i) => {
        const mark = texts[i];
        expect([x, y]).toEqual([mark.x, figure.height - mark.y].map((value) => Number(value.toFixed(3))));
        expect(options).toBe(`${mark.turned ? ',rotate=90' : ''}${{ start: ',left', middle: '', end: ',right' }[mark.anchor]},base`);
        expect(inside.endsWith(`\\selectfont${mark.bold ? '\\bfseries' : ''} ${latexText(mark.text)}`)).toBe(true);
        expect(inside).toContain(`\\fontsize{${Number(mark.size.toFixed(3))}bp}`);
      });
      const cells = figure.marks.filter(({ kind }) => kind === 'cells' || kind === 'image');
      expect(beside.length).toBe(cells.length);
      expect(set.length - lines.length).toBe(cells.length);
      beside.forEach(({ name }) => expect(source).toContain(`{${name}}`));
      expect(beside.every(({ name }) => /^a-figure-of-mine-\d+\.png$/.test(name))).toBe(true);
    });

    it('has every point of its lines on the page, as many as the figure has', () => {
      const points = [...source.matchAll(POINT)].map(([, x, y]) => [Number(x), Number(y)]);
      expect(points.every(([x, y]) => x >= 0 && y >= 0 && x <= figure.width + 0.001 && y <= figure.height + 0.001)).toBe(true);
      const own = figure.marks.map((mark) =>
        mark.kind === 'path' || mark.kind === 'area' ? mark.points.length : mark.kind === 'rect' ? 2 : 0,
      );
      // The page itself has one of its own.
      expect(points.length).toBe(own.reduce((sum, count) => sum + count, 1));
    });

    it('carries its recipe in comments, in lines that TeX can read', async () => {
      expect(await carriedBy(new TextEncoder().encode(text), 'a.pgf')).toBe(JSON.stringify(recipe));
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(5000);
      expect(text).toContain('%% Alternative text: ');
    });
  },
);

it.each(CELL_SHEETS)('the pictures of %s have the colours of the cells, row for row', (_, sheet: DisplayList) => {
  const { beside } = toPgf(sheet, null, 'cells');
  const marks = sheet.marks.flatMap((mark) => (mark.kind === 'cells' ? [mark] : []));
  expect(beside.length).toBe(marks.length);
  marks.forEach(({ rows, columns, rgba }, k) => {
    const { width, height, data, channels } = decode(beside[k].bytes);
    expect(channels).toBe(3);
    const wrong = Array.from({ length: rows * columns }, (__, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const at = 3 * (Math.floor(((row + 0.5) * height) / rows) * width + Math.floor(((column + 0.5) * width) / columns));
      return [0, 1, 2].some((c) => data[at + c] !== rgba[4 * i + c]);
    });
    expect(wrong.filter(Boolean).length).toBe(0);
  });
});

describe('text for LaTeX', () => {
  it.each([
    ['100 % of $5 & #1_a {b}', '100 \\% of \\$5 \\& \\#1\\_a \\{b\\}'],
    ['|w| < 3, c = largest |w| / 100', '\\textbar{}w\\textbar{} \\textless{} 3, c = largest \\textbar{}w\\textbar{} / 100'],
    ["−0.25 ± 3 × γ², W' = s W", "$-$0.25 $\\pm$ 3 $\\times$ $\\gamma$$^{2}$, W' = s W"],
    ['a--b-c', 'a-{}-b-c'],
    ['C:\\x~y^2', 'C:\\textbackslash{}x\\textasciitilde{}y\\textasciicircum{}2'],
    [
      '“quoted” – and “naïve”',
      '\\textquotedblleft{}quoted\\textquotedblright{} \\textendash{} and \\textquotedblleft{}naïve\\textquotedblright{}',
    ],
  ])('%s', (text, latex) => {
    expect(latexText(text)).toBe(latex);
  });

  it('leaves nothing that TeX would take for a command', () => {
    const plain = latexText('\\{}$&#%_^~<>|"`').replaceAll(/\\(text[a-z]+\{\}|[{}$&#%_])/g, '');
    expect(plain).toBe('');
  });
});

it('an area lets through what lies under it', () => {
  const sheet: DisplayList = {
    ...{ width: 100, height: 50, title: 't', description: 'd', caption: '', font: 'serif', outlines: true, tables: [] },
    marks: [
      {
        kind: 'area',
        points: [
          [0, 0],
          [10, 0],
          [10, 20],
        ],
        fill: '#ec9f35',
        opacity: 0.2,
      },
      textAt(60, 40, 'M', 10, { turned: true }),
    ],
  };
  const { text } = toPgf(sheet, null, 'x');
  expect(text).toContain('\\pgfsetfillopacity{0.2}');
  expect(text).toContain('{EC9F35}\\pgfsetfillcolor{figurefill}');
  expect(text).toContain(
    '\\pgfpathmoveto{\\pgfqpoint{0bp}{50bp}}\n\\pgfpathlineto{\\pgfqpoint{10bp}{50bp}}\n\\pgfpathlineto{\\pgfqpoint{10bp}{30bp}}',
  );
  // Text is text even of a figure in outlines, in the face of the document's kind.
  expect(text).toContain('\\rmfamily');
  expect(text).toContain('x=60bp,y=10bp,rotate=90,left,base');
});
