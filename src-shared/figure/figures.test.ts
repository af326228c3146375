// What every figure owes its reader: no text over text, nothing off the page, one scale for compared
// things, and the recipe inside the file.
import { describe, expect, it } from 'vitest';
import { COST_BARS, costs, FIGURE5, headOf, MATRICES, merged, small, source } from '../../testing/figure/figure-examples';
import { smallSources } from '../../testing/figure/figure-sources';
import { recipeOfSvg, toSvg } from './encode/svg';
import { accuracyCost } from './kinds/accuracy-cost';
import { costBars } from './kinds/cost-bars';
import { curves } from './kinds/curves';
import { figure5 } from './kinds/figure5';
import { matrices } from './kinds/matrices';
import type { DisplayList, Mark, TextMark } from './page/display-list';
import { textWidth } from './page/font-metrics';
import type { FigureLayout } from './recipe';
import { kindOf, patternKinds, readFigure, type FigureRecipe } from './registry';

/** A figure whose numbers are there, in any layout. */
interface Drawing {
  readonly recipe: FigureRecipe;
  readonly draw: (layout: FigureLayout) => DisplayList;
}

function drawing<R extends FigureRecipe, Data>(kind: { draw(recipe: R, data: Data): DisplayList }, recipe: R, data: Data): Drawing {
  return { recipe, draw: (layout) => kind.draw({ ...recipe, layout }, data) };
}

const epoch = (number: number) => {
  const pair = { loss: 2 / number, metric: 1 - 1 / (number + 1) };
  return { type: 'epoch', epoch: number, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
};

const head = headOf(170, 8);
const long = { path: 'a-file-whose-name-alone-is-wider-than-a-column-of-a-paper-is.safetensors', layer: 'stage1.mix1' };
const focus = { source: long, network: {}, run: '', runs: [], picture: { file: 'x.png' } };

/** Every pattern figure of one network, of two, and over epochs. */
const PATTERNS: readonly Drawing[] = await Promise.all(
  patternKinds.flatMap((kind) => {
    const recipe = kind.start(head, focus);
    return [recipe, { ...recipe, against: source }, { ...recipe, source, epochs: true }].map(async (asked): Promise<Drawing> => {
      const figure = await readFigure(asked, smallSources);
      return { recipe: asked, draw: (layout) => figure.draw(layout) };
    });
  }),
);

/** Runs of which two lie on each other. */
const RUNS = [1e6, 1e6, 4e6, 3e8].map((operations, i) => {
  const about = { model: 'pure-mlp-small', task: 'classification', params: 1e5 } as const;
  return { run: `run-${i}`, ...about, metric: 0.5 + 0.1 * Math.floor(i / 2), operations };
});

const LOG_RATIO = { ...MATRICES, colours: 'viridis', transform: 'log-ratio' } as const;
const LAYERS = { ...head, kind: 'cost-bars', model: 'x', metric: 'bytes', level: 'layer', form: 'merged' } as const;
const ICICLE = { ...head, kind: 'cost-bars', model: 'x', metric: 'params', chart: 'icicle' } as const;
const ACCURACY = { ...head, kind: 'accuracy-cost', runs: ['a'] } as const;
const CURVES = { ...head, kind: 'curves', source } as const;

/** Every kind of figure. */
const FIGURES: readonly Drawing[] = [
  drawing(matrices, MATRICES, small.matrices),
  drawing(matrices, LOG_RATIO, small.matrices),
  drawing(figure5, FIGURE5, small),
  drawing(costBars, COST_BARS, costs),
  drawing(costBars, LAYERS, [merged]),
  drawing(costBars, ICICLE, costs),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: RUNS }),
  drawing(accuracyCost, ACCURACY, { metricName: 'accuracy', runs: [] }),
  ...PATTERNS,
  drawing(curves, CURVES, { run: 'one', metricName: 'accuracy', epochs: [1, 2, 3].map(epoch) }),
  drawing(curves, CURVES, { run: 'none yet', metricName: 'accuracy', epochs: [] }),
];

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

function outside(figure: DisplayList): Mark[] {
  return figure.marks.filter((mark) => {
    if (mark.kind === 'path') return mark.points.some(([x, y]) => x < 0 || y < 0 || x > figure.width || y > figure.height);
    const [x, y, width, height] = mark.kind === 'text' ? boxOf(mark) : [mark.x, mark.y, mark.width, mark.height];
    return x < -1e-6 || y < -1e-6 || x + width > figure.width + 1e-6 || y + height > figure.height + 1e-6;
  });
}

const layouts = [
  [84, 8],
  [85, 7],
  [120, 9],
  [170, 8],
  [250, 14],
] as const;

describe.each(layouts)('figures %d mm wide in %d pt', (widthMm, fontPt) => {
  it.each(FIGURES.map(({ recipe, draw }) => [recipe.kind, draw] as const))('%s: no text over text, nothing off the page', (_, draw) => {
    const figure = draw(headOf(widthMm, fontPt).layout);
    expect(overlapping(figure)).toEqual([]);
    expect(outside(figure)).toEqual([]);
    expect(figure.width).toBeCloseTo((widthMm / 25.4) * 72, 9);
  });
});

describe('a kind of figure', () => {
  it('gives the same figure for the same recipe and numbers', () => {
    for (const { recipe, draw } of FIGURES) expect(toSvg(draw(head.layout), recipe)).toBe(toSvg(draw(head.layout), recipe));
  });

  it('refuses a recipe of another kind', async () => {
    await expect(kindOf(MATRICES).read(COST_BARS, smallSources)).rejects.toThrow(TypeError);
    expect(() => kindOf(MATRICES).form(COST_BARS)).toThrow(TypeError);
  });
});

describe('SVG', () => {
  it('carries its recipe, its size and a description', () => {
    const { layout } = headOf(85, 7);
    for (const { recipe, draw } of FIGURES) {
      const svg = toSvg(draw(layout), { ...recipe, layout });
      expect(JSON.parse(recipeOfSvg(svg) ?? '')).toEqual({ ...recipe, layout });
      expect(svg).toMatch(/<svg [^>]*width="85mm"/);
      expect(svg).toMatch(/<desc>[^<]{20,}<\/desc>/);
      expect(svg).toContain('a fully-connected layer &amp; why');
    }
  });
});
