// What every figure owes its reader: no text over text, nothing off the page, one scale for compared
// things, and the recipe inside the file.
import { describe, expect, it } from 'vitest';
import type { DisplayList, Mark, TextMark } from './page/display-list';
import { drawFigure, type FigureData } from './draw';
import { COST_BARS, costs, FIGURE5, headOf, MATRICES, merged, small, source } from '../../testing/figure/figure-examples';
import { textWidth } from './page/font-metrics';
import { measuredLocality, measuredMatricesOf } from './kinds/pattern-data';
import { PATTERN_KINDS, type FigureRecipe, type PatternFigure, type PatternKind } from './recipe';
import { recipeOfSvg, toSvg } from './encode/svg';

const epoch = (number: number) => {
  const pair = { loss: 2 / number, metric: 1 - 1 / (number + 1) };
  return { type: 'epoch', epoch: number, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
};
const about = {
  block: 'stage1.mix1',
  epochs: [],
  remarks: ['Weights: a-file-whose-name-alone-is-wider-than-a-column-of-a-paper-is.safetensors.'],
};
const taken = (subject: string) => ({ subject, ...small });
const picture = { width: 2, height: 1, pixels: new Uint8ClampedArray([200, 100, 0, 255, 0, 0, 0, 255]), title: 'sample 1' };

/** Data of a pattern figure about one network, two, or twelve epochs. */
function patternData(kind: PatternKind, subjects: readonly string[] = [''], epochs: readonly number[] = []): FigureData {
  const comparison = epochs.length > 0 ? 'over epochs' : subjects.length > 1 ? 'beside another' : 'alone';
  const recipe = {
    ...PATTERNS[kind],
    format: 'repmlp-figure',
    version: 1,
    layout: { widthMm: 85, fontPt: 7, title: null },
    source,
  } as const;
  const measuredMatrices = subjects.flatMap((subject): unknown[] =>
    recipe.kind === 'locality' ? [measuredLocality(taken(subject))] : measuredMatricesOf(recipe, taken(subject), comparison),
  );
  const backdrop = { picture, partitions: measuredMatrices.map(() => ({ down: 2, across: 4 })) };
  return { kind, about: { ...about, epochs }, measuredMatrices, backdrop } as unknown as FigureData;
}

const PATTERNS: Readonly<Record<PatternKind, PatternFigure>> = {
  locality: { kind: 'locality' },
  projection: { kind: 'projection', outputChannel: 1, inputChannel: 2 },
  'position-maps': { kind: 'position-maps', group: 1 },
  'row-kinds': { kind: 'row-kinds', group: null },
  'rest-vectors': { kind: 'rest-vectors', group: 0 },
  overlay: { kind: 'overlay', group: null, map: 'input', picture: { file: 'x.png' } },
};

const EPOCHS = [1, 2, 3, 4, 5, 6, 7];
/** Every pattern figure of one network, of two, and over epochs, without its layout; the numbers are computed once. */
const PATTERN_FIGURES = PATTERN_KINDS.flatMap((kind) => [
  [{ ...PATTERNS[kind], source }, patternData(kind)] as const,
  [{ ...PATTERNS[kind], source, against: source }, patternData(kind, ['A', 'B'])] as const,
  [
    { ...PATTERNS[kind], source, epochs: true },
    patternData(
      kind,
      EPOCHS.map((epoch) => `epoch ${epoch}`),
      EPOCHS,
    ),
  ] as const,
]);

/** Runs of which two lie on each other. */
const RUNS = [1e6, 1e6, 4e6, 3e8].map((operations, i) => {
  const about = { model: 'pure-mlp-small', task: 'classification', params: 1e5 } as const;
  return { run: `run-${i}`, ...about, metric: 0.5 + 0.1 * Math.floor(i / 2), operations };
});

/** Every kind of figure in one layout. */
function figuresOf(widthMm: number, fontPt: number): [FigureRecipe, FigureData][] {
  const head = headOf(widthMm, fontPt);
  return [
    [
      { ...MATRICES, ...head },
      { kind: 'matrices', ...small },
    ],
    [
      { ...head, kind: 'matrices', source, colours: 'viridis', transform: 'log-ratio' },
      { kind: 'matrices', ...small },
    ],
    [
      { ...FIGURE5, ...head },
      { kind: 'figure5', ...small },
    ],
    [{ ...COST_BARS, ...head }, costs],
    [
      { ...head, kind: 'cost-bars', model: 'x', metric: 'bytes', level: 'layer', form: 'merged' },
      { kind: 'cost-bars', ledgers: [merged] },
    ],
    [{ ...head, kind: 'cost-bars', model: 'x', metric: 'params', chart: 'icicle' }, costs],
    [{ ...head, kind: 'locality', source }, patternData('locality')],
    [
      { ...head, kind: 'accuracy-cost', runs: ['a'] },
      { kind: 'accuracy-cost', costs: { metricName: 'accuracy', runs: RUNS } },
    ],
    [
      { ...head, kind: 'accuracy-cost', runs: ['a'] },
      { kind: 'accuracy-cost', costs: { metricName: 'accuracy', runs: [] } },
    ],
    ...PATTERN_FIGURES.map(([what, data]): [FigureRecipe, FigureData] => [{ ...head, ...what }, data]),
    [
      { ...head, kind: 'curves', source },
      { kind: 'curves', curves: { run: 'one', metricName: 'accuracy', epochs: [1, 2, 3].map(epoch) } },
    ],
    [
      { ...head, kind: 'curves', source },
      { kind: 'curves', curves: { run: 'none yet', metricName: 'accuracy', epochs: [] } },
    ],
  ];
}

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
  it.each(figuresOf(widthMm, fontPt).map(([recipe, data]) => [recipe.kind, recipe, data] as const))(
    '%s: no text over text, nothing off the page',
    (_, recipe, data) => {
      const figure = drawFigure(recipe, data);
      expect(overlapping(figure)).toEqual([]);
      expect(outside(figure)).toEqual([]);
      expect(figure.width).toBeCloseTo((widthMm / 25.4) * 72, 9);
    },
  );
});

describe('drawFigure', () => {
  it('gives the same figure for the same recipe and numbers', () => {
    for (const [recipe, data] of figuresOf(120, 8))
      expect(toSvg(drawFigure(recipe, data), recipe)).toBe(toSvg(drawFigure(recipe, data), recipe));
  });

  it('refuses data of another kind', () => {
    const [[recipe]] = figuresOf(120, 8);
    expect(() => drawFigure(recipe, costs)).toThrow(TypeError);
  });
});

describe('SVG', () => {
  it('carries its recipe, its size and a description', () => {
    for (const [recipe, data] of figuresOf(85, 7)) {
      const svg = toSvg(drawFigure(recipe, data), recipe);
      expect(JSON.parse(recipeOfSvg(svg) ?? '')).toEqual(recipe);
      expect(svg).toMatch(/<svg [^>]*width="85mm"/);
      expect(svg).toMatch(/<desc>[^<]{20,}<\/desc>/);
      expect(svg).toContain('a fully-connected layer &amp; why');
    }
  });
});
