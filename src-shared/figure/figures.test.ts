// What every figure owes its reader: no text over text, nothing off the page, one scale for compared
// things, and the recipe inside the file.
import { describe, expect, it } from 'vitest';
import { ledger } from '../cost/ledger';
import { convToFc } from '../merge/fc-matrix';
import { fcShapeOf } from '../merge/merge-layer';
import type { BlockMatrices } from '../merge/report';
import { mergedSpec } from '../merge/merged-spec';
import { isRepBlock, type RepBlock } from '../model/spec';
import { leavesOf } from '../model/walk';
import { buildModel } from '../model/zoo/index';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { UserError } from '../user-error';
import { colourAt } from './colour';
import type { DisplayList, ImageMark, Mark, TextMark } from './display-list';
import { costTree, type CostNode } from './cost-icicle';
import { drawFigure, type FigureData } from './draw';
import { cellText, logRatios } from './figure5';
import { textWidth } from './font-metrics';
import { poolBySize, poolingRule } from './heat-map';
import { localityTake, takesOf } from './pattern-takes';
import { PATTERN_KINDS, type FigureRecipe, type PatternFigure, type PatternKind } from './recipe';
import { recipeOfSvg, toSvg } from './svg';

/** The first block of a zoo model with random matrices: before noise, added a convolution. */
function example(model: string): { block: RepBlock; matrices: BlockMatrices } {
  const visit = leavesOf(buildModel(model)).find(({ layer }) => isRepBlock(layer));
  if (!visit || !isRepBlock(visit.layer)) throw new Error(`${model} has no block`);
  const shape = fcShapeOf(visit.layer);
  const random = randomFrom(seed(1));
  const [rows, columns] = [shape.O * shape.h * shape.w, shape.channels * shape.h * shape.w];
  const K = Math.max(...visit.layer.kernels);
  const kernel = {
    O: shape.O,
    channels: shape.channels,
    K,
    weight: Float64Array.from(normalArray(random, shape.O * shape.channels * K * K, 0.2)),
    bias: new Float64Array(shape.O),
  };
  const before = normalArray(random, rows * columns, 0.05);
  const added = convToFc(kernel, shape);
  return {
    block: visit.layer,
    matrices: { path: visit.path, rows, columns, before, added, after: before.map((value, i) => value + added[i]) },
  };
}

const small = example('pure-mlp-small');
const spec = buildModel('repmlp-res50-bottleneck-224');
const [train, merged] = [ledger(spec), ledger(mergedSpec(spec))];
const costs = { kind: 'cost-bars', ledgers: [train, merged] } as const;
const epoch = (number: number) => {
  const pair = { loss: 2 / number, metric: 1 - 1 / (number + 1) };
  return { type: 'epoch', epoch: number, train: pair, validation: pair, learningRate: 0.1, seconds: 1 } as const;
};
const source = { path: 'runs/one' };

const about = { block: 'stage1.mix1', epochs: [], remarks: ['Weights: one.pth.'] };
const taken = (subject: string) => ({ subject, ...small });
const picture = { width: 2, height: 1, pixels: new Uint8ClampedArray([200, 100, 0, 255, 0, 0, 0, 255]), title: 'sample 1' };

/** Data of a pattern figure about one network, two, or twelve epochs. */
function patternData(kind: PatternKind, subjects: readonly string[] = [''], epochs: readonly number[] = []): FigureData {
  const company = epochs.length > 0 ? 'over epochs' : subjects.length > 1 ? 'beside another' : 'alone';
  const recipe = {
    ...PATTERNS[kind],
    format: 'repmlp-figure',
    version: 1,
    layout: { widthMm: 85, fontPt: 7, title: null },
    source,
  } as const;
  const takes = subjects.flatMap((subject): unknown[] =>
    recipe.kind === 'locality' ? [localityTake(taken(subject))] : takesOf(recipe, taken(subject), company),
  );
  const ground = { picture, partitions: takes.map(() => ({ down: 2, across: 4 })) };
  return { kind, about: { ...about, epochs }, takes, ground } as unknown as FigureData;
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
  const head = {
    format: 'repmlp-figure',
    version: 1,
    layout: { widthMm, fontPt, title: 'What the merge adds to a fully-connected layer & why' },
  } as const;
  const cell = { outputChannel: 0, row: 5, column: 5, inputChannel: 1 };
  return [
    [
      { ...head, kind: 'matrices', source, colours: 'blue-orange', transform: 'symlog' },
      { kind: 'matrices', ...small },
    ],
    [
      { ...head, kind: 'matrices', source, colours: 'viridis', transform: 'log-ratio' },
      { kind: 'matrices', ...small },
    ],
    [
      { ...head, kind: 'figure5', source, ...cell },
      { kind: 'figure5', ...small },
    ],
    [{ ...head, kind: 'cost-bars', model: 'x', set: {}, metric: 'macs' }, costs],
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

describe('matrices', () => {
  const images = (transform: 'linear' | 'rank'): ImageMark[] => {
    const [[recipe]] = figuresOf(170, 8);
    if (recipe.kind !== 'matrices') throw new Error('not matrices');
    return drawFigure({ ...recipe, transform }, { kind: 'matrices', ...small }).marks.filter(
      (mark): mark is ImageMark => mark.kind === 'image',
    );
  };

  it('draw every weight in the colour of its value on the one scale', () => {
    const { matrices } = small;
    const all = [matrices.before, matrices.added, matrices.after];
    const limit = Math.max(...all.map((matrix) => matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
    images('linear').forEach((image, panel) => {
      const zoom = image.rows / matrices.rows;
      for (const [row, column] of [
        [0, 0],
        [17, 5],
        [511, 255],
      ] as const) {
        const value = all[panel][row * matrices.columns + column];
        const at = 4 * (row * zoom * image.columns + column * zoom);
        // The table has 1024 steps: a channel may be off by the change over half a step.
        colourAt('blue-orange', 0.5 + value / (2 * limit)).forEach((channel, k) =>
          expect(Math.abs(image.rgba[at + k] - channel)).toBeLessThanOrEqual(2),
        );
      }
    });
  });

  it('draw zeros in the middle colour whatever the transform', () => {
    const white = [251, 250, 247, 255];
    const zero = small.matrices.added.indexOf(0);
    const { columns } = small.matrices;
    for (const transform of ['linear', 'rank'] as const) {
      const added = images(transform)[1];
      const zoom = added.columns / columns;
      const at = 4 * (Math.floor(zero / columns) * zoom * added.columns + (zero % columns) * zoom);
      [...added.rgba.subarray(at, at + 4)].forEach((channel, k) => expect(Math.abs(channel - white[k])).toBeLessThanOrEqual(1));
    }
  });

  it('refuse weights that are not numbers', () => {
    const [[recipe]] = figuresOf(170, 8);
    const broken = { ...small.matrices, before: small.matrices.before.map((value, i) => (i === 3 ? Number.NaN : value)) };
    expect(() => drawFigure(recipe, { kind: 'matrices', matrices: broken, block: small.block })).toThrow(/NaN at index 3/);
  });

  it('pool large matrices by largest magnitude, sign kept, and name the rule', () => {
    const data = new Float32Array(1200 * 2).fill(0.1);
    data[4] = -5;
    const pooled = poolBySize({ rows: 2, columns: 1200, data });
    expect([pooled.rows, pooled.columns]).toEqual([2, 600]);
    expect(pooled.data[2]).toBe(-5);
    expect(poolingRule({ rows: 2, columns: 1200 })).toBe('each pixel shows the weight of largest magnitude among 1 x 2');
    expect(poolingRule({ rows: 600, columns: 600 })).toBe('every weight is drawn');
  });
});

// The published maps of figure 5 (arXiv 2105.01883), rows 0-2, left and right.
const PUBLISHED_LEFT =
  '3 3.1 2.8 2.3 2.4 3.5 3.3 4.6 4 3.3 2.3 3.8 3.1 2.3 0.25 2.8 3.5 4.8 4.6 3.7 2.5 4.1 3.4 2.9 3.3 2.8 3.8 4.9 4.6 2.9'.split(' ');

describe('figure 5', () => {
  const [, , [recipe, data]] = figuresOf(170, 8);
  if (recipe.kind !== 'figure5' || data.kind !== 'figure5') throw new Error('not figure 5');

  it('prints weights as the paper does: ln(|w| / min |w|), two significant digits', () => {
    const weights = Float32Array.from([...PUBLISHED_LEFT, '0'], (text, i) => (-1) ** i * 0.01 * Math.exp(Number(text)));
    expect([...logRatios(weights)].slice(0, -1).map(cellText)).toEqual(PUBLISHED_LEFT);
    expect(logRatios(weights)[30]).toBe(0);
  });

  it('marks a zero weight instead of hiding it', () => {
    expect([...logRatios(Float32Array.from([0, 1, -Math.E]))].map(cellText)).toEqual(['−∞', '0', '1']);
  });

  it('draws the output position and the largest window, cut at the partition’s border', () => {
    const strokes = drawFigure(recipe, data).marks.filter((mark) => mark.kind === 'rect' && mark.fill === null && mark.stroke !== null);
    const [left, window, right] = strokes as { x: number; y: number; width: number; height: number }[];
    const cell = left.width;
    // Row 5, column 5 of 8 x 8 with K = 5: rows and columns 3 to 7.
    expect([window.width / cell, window.height / cell].map((n) => Number(n.toFixed(9)))).toEqual([5, 5]);
    expect([(right.x - window.x) / cell, (right.y - window.y) / cell].map((n) => Number(n.toFixed(9)))).toEqual([2, 2]);
  });

  it('refuses a cell the block does not have', () => {
    expect(() => drawFigure({ ...recipe, row: 8 }, data)).toThrow(UserError);
    expect(() => drawFigure({ ...recipe, inputChannel: 4 }, data)).toThrow(/inputChannel must be between 0 and 3, got 4/);
  });
});

describe('cost icicle', () => {
  it('splits every part exactly into its own', () => {
    const check = (node: CostNode): void => {
      if (node.children.length === 0) return;
      expect(node.children.reduce((sum, child) => sum + child.value, 0)).toBe(node.value);
      node.children.forEach(check);
    };
    check(costTree(train, 'operations'));
    check(costTree(merged, 'params'));
  });

  it('names stages, blocks and operations', () => {
    const stage = costTree(merged, 'operations').children[2];
    expect(stage.name).toBe('stage2');
    expect(stage.children.map((block) => block.name)).toEqual(['stage2.0', 'stage2.1', 'stage2.2', 'stage2.3']);
    expect(stage.children[1].children.map((row) => row.name)).toContain('stage2.1.btnk_repmlp.fc3');
  });
});

describe('cost bars', () => {
  it('are as long as the numbers, on one axis for both forms', () => {
    const [, , , [recipe, data]] = figuresOf(170, 8);
    const bars = drawFigure(recipe, data).marks.filter((mark) => mark.kind === 'rect' && mark.height < 8 && mark.width !== mark.height);
    const widths = (bars as { width: number; fill: string }[]).map((bar) => bar.width);
    const sum = (offset: number): number => widths.filter((_, i) => i % 2 === offset).reduce((a, b) => a + b, 0);
    expect(widths.length).toBeGreaterThan(20);
    expect(sum(0) / sum(1)).toBeCloseTo(train.macs / merged.macs, 9);
  });
});
