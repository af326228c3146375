// What every figure owes its reader: no text over text, nothing off the page, no word broken or cut, one scale for compared
// things, and the recipe inside the file.
import { describe, expect, it } from 'vitest';
import { FIGURES } from '../../testing/figure/all-figures';
import { COST_BARS, headOf, MATRICES } from '../../testing/figure/figure-examples';
import { smallSources } from '../../testing/figure/figure-sources';
import { figureAsset } from '../../electron/app/figure/font-files';
import { readFaces } from './encode/faces';
import { carriedBySvg, toSvg } from './encode/svg';
import type { DisplayList, Mark, TextMark } from './page/display-list';
import { textWidth } from './page/font-metrics';
import { spansOf, VENUE_NAMES } from './venues';
import { atVenue } from './venue-layout';
import type { FigureLayout } from './recipe';
import { kindOf } from './registry';

/** Box of a line of text: x, y of the top left corner, width, height. Ascent and descent of digits and lower case. */
function boxOf({ x, y, text, size, bold, anchor, turned }: TextMark): [number, number, number, number] {
  const width = textWidth(text, size, bold);
  const back = width * { start: 0, middle: 0.5, end: 1 }[anchor];
  return turned ? [x - size * 0.75, y + back - width, size * 0.95, width] : [x - back, y - size * 0.75, width, size * 0.95];
}

function overlapping(figure: DisplayList): string[] {
  const texts = figure.marks.filter((mark): mark is TextMark => mark.kind === 'text');
  const boxes = texts.map(boxOf);
  return boxes.flatMap(([x, y, width, height], i) =>
    boxes.slice(0, i).flatMap(([x2, y2, width2, height2], k) => {
      const apart = x + width <= x2 || x2 + width2 <= x || y + height <= y2 || y2 + height2 <= y;
      return apart ? [] : [`"${texts[i].text}" over "${texts[k].text}"`];
    }),
  );
}

/** Texts that something drawn after them lies on. */
function covered({ marks }: DisplayList): string[] {
  return marks.flatMap((text, i) => {
    if (text.kind !== 'text') return [];
    const [x, y, width, height] = boxOf(text);
    const lies = marks.slice(i + 1).some((mark) => {
      if (mark.kind === 'text' || mark.kind === 'path' || mark.kind === 'area' || (mark.kind === 'rect' && mark.fill === null))
        return false;
      return mark.x < x + width && x < mark.x + mark.width && mark.y < y + height && y < mark.y + mark.height;
    });
    return lies ? [text.text] : [];
  });
}

function outside(figure: DisplayList): Mark[] {
  return figure.marks.filter((mark) => {
    if (mark.kind === 'path' || mark.kind === 'area')
      return mark.points.some(([x, y]) => x < 0 || y < 0 || x > figure.width || y > figure.height);
    const [x, y, width, height] = mark.kind === 'text' ? boxOf(mark) : [mark.x, mark.y, mark.width, mark.height];
    return x < -1e-6 || y < -1e-6 || x + width > figure.width + 1e-6 || y + height > figure.height + 1e-6;
  });
}

/** Words of all lines, in order; a name broken behind its punctuation is two. */
function wordsOf(figure: DisplayList): string[] {
  return figure.marks.flatMap((mark) => (mark.kind === 'text' ? mark.text.split(' ') : []));
}

const layouts = [
  [60, 8],
  [84, 8],
  [85, 7],
  [120, 9],
  [170, 8],
  [250, 14],
] as const;

const named = FIGURES.map(({ recipe, draw, tall }, i) => [`${recipe.kind} ${i}`, draw, tall] as const);

describe.each(layouts)('figures %d mm wide in %d pt', (widthMm, fontPt) => {
  it.each(named)('%s: no text over text, nothing off the page', (_, draw) => {
    const figure = draw(headOf(widthMm, fontPt).layout);
    expect(overlapping(figure)).toEqual([]);
    expect(outside(figure)).toEqual([]);
    expect(covered(figure)).toEqual([]);
    expect(figure.width).toBeCloseTo((widthMm / 25.4) * 72, 9);
  });

  it.each(named)('%s: no word is cut or broken', (_, draw) => {
    const figure = draw(headOf(widthMm, fontPt).layout);
    const words = wordsOf(figure);
    expect(words.filter((word) => word.includes('…'))).toEqual([]);
    // On a wide page nothing has to be broken: all that is written narrow is written there, or said of the figure, whole.
    const whole = `${wideWords(draw)} ${figure.caption}`;
    const LETTERS = /^\p{L}{3,}$/u;
    expect(words.filter((word) => LETTERS.test(word) && !whole.includes(word))).toEqual([]);
  });
});

const wide = new Map<unknown, string>();

/** The words of a figure on a wide page, drawn once. */
function wideWords(draw: (layout: FigureLayout) => DisplayList): string {
  const known = wide.get(draw) ?? wordsOf(draw(headOf(400, 8).layout)).join(' ');
  wide.set(draw, known);
  return known;
}

describe('a figure of 45 mm', () => {
  it.each(named)('%s: has room for its words, or is refused in a sentence that says what to do', (_, draw) => {
    try {
      expect(overlapping(draw(headOf(45, 7).layout))).toEqual([]);
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^the figure is too narrow for its words at 45 mm in 7 pt: .*; make it wider, or its type smaller$|have no room/,
      );
    }
  });
});

const venues = VENUE_NAMES.flatMap((name) => spansOf(name).map(([span]) => [name, span] as const));

describe.each(venues)('figures for %s, %s column', (venue, span) => {
  const layout = atVenue({ ...headOf(120, 8).layout, caption: false }, venue, span);

  it.each(named)('%s: no text over text, nothing off the page, no higher than it takes', (_, draw, tall) => {
    const figure = tall ? drawnOrRefused(draw, layout) : draw(layout);
    if (figure === null) return;
    expect(overlapping(figure)).toEqual([]);
    expect(outside(figure)).toEqual([]);
    expect(covered(figure)).toEqual([]);
    expect(figure.height).toBeLessThanOrEqual(((layout.heightMm ?? 0) / 25.4) * 72 + 1e-6);
    expect(figure.caption.length).toBeGreaterThan(20);
  });
});

/** The figure, or null where it is refused for its height in words that say what to do. */
function drawnOrRefused(draw: (layout: FigureLayout) => DisplayList, layout: FigureLayout): DisplayList | null {
  try {
    return draw(layout);
  } catch (error) {
    expect((error as Error).message).toMatch(
      /would be \d+ mm high at [\d.]+ mm width, and [\d.]+ mm are allowed; make it wider, or show less$/,
    );
    return null;
  }
}

const faces = await readFaces({ font: 'sans' }, figureAsset);

describe('a kind of figure', () => {
  const { layout } = headOf(170, 8);

  it('gives the same figure for the same recipe and numbers', () => {
    const text = (figure: DisplayList): string => toSvg(figure, faces, { carried: null, withFont: false });
    for (const { draw } of FIGURES) expect(text(draw(layout)) === text(draw(layout))).toBe(true);
  });

  it('refuses a recipe of another kind', async () => {
    await expect(kindOf(MATRICES).read(COST_BARS, smallSources)).rejects.toThrow(TypeError);
    expect(() => kindOf(MATRICES).form(COST_BARS)).toThrow(TypeError);
  });
});

describe('SVG', () => {
  it('carries what it is given, its size and a description', () => {
    const { layout } = headOf(85, 7);
    for (const { recipe, draw } of FIGURES) {
      const carried = JSON.stringify({ ...recipe, layout });
      const svg = toSvg(draw(layout), faces, { carried, withFont: false });
      expect(carriedBySvg(svg)).toBe(carried);
      expect(svg).toMatch(/<svg [^>]*width="85mm"/);
      expect(svg).toMatch(/<desc>[^<]{20,}<\/desc>/);
      expect(svg).toContain('a fully-connected layer &amp; why');
    }
  });
});
