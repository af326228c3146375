// The translation-invariant part of a matrix: its share of the energy, and the kernel of one channel pair.
import { largestOf } from '../../base/extremes';
import type { z } from 'zod';
import { percentText } from '../../base/number-text';
import { invariantShareOf } from '../../pattern/analyse';
import { pairKernel } from '../../pattern/pair-kernel';
import { figureKind } from '../kind';
import { FAINT_INK, filled, textAt, type DisplayList, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { figureNumber, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { patternSheet } from '../page/pattern-sheet';
import { AFTER, BEFORE } from '../page/series-colours';
import { tileGrid, type Tile } from '../page/tiles';
import { scaleOf } from '../page/sharing';
import { index } from '../recipe';
import { measuredLabel, measurePatterns, patternSchema, stageBy, type MeasuredMatrix, type PatternData } from './pattern-data';

const schema = patternSchema('projection', { outputChannel: index, inputChannel: index });
type Recipe = z.infer<typeof schema>;

/** The translation-invariant part of a matrix: its share of the energy, and the kernel of one channel pair (2h-1, 2w-1). */
interface InvariantPart {
  readonly share: number;
  readonly kernel: Float32Array;
}

export const projection = figureKind(schema)({
  kind: 'projection',
  title: 'Translation-invariant part',
  says: 'the nearest convolution, and the energy shares',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'projection', source, outputChannel: 0, inputChannel: 0 }),
  form: ({ outputChannel, inputChannel }) => [
    { field: 'outputChannel', widget: 'index', label: 'Output channel', value: outputChannel },
    { field: 'inputChannel', widget: 'index', label: 'Input channel', value: inputChannel },
  ],
  read: (recipe, sources) =>
    measurePatterns(recipe, sources, (block, comparison) => {
      const valueOf = (matrix: Float32Array, shape: MeasuredMatrix<unknown>['shape']): InvariantPart => {
        const kernel = pairKernel(matrix, shape, recipe.outputChannel, recipe.inputChannel);
        return { share: invariantShareOf(matrix, shape), kernel };
      };
      return stageBy(block, comparison, valueOf, comparison === 'alone' ? ['before', 'added', 'after'] : undefined);
    }),
  draw,
});

/** The nearest translation-invariant part: its share of the energy, and one channel pair's kernel over all displacements. */
function draw(recipe: Recipe, { about, measured: matrices }: PatternData<MeasuredMatrix<InvariantPart>>): DisplayList {
  const kernels = matrices.map(({ value }) => value.kernel);
  const asked = { quantity: 'kernels', arrays: kernels, transform: 'linear', colours: 'blue-orange' } as const;
  const scale = scaleOf(recipe, asked);
  const tiles = matrices.map((measured): Tile => {
    const { h, w } = measured.shape;
    return { rows: 2 * h - 1, columns: 2 * w - 1, data: measured.value.kernel, heading: measuredLabel(measured), captions: [] };
  });
  const { outputChannel, inputChannel } = recipe;
  const shares = matrices.map((measured): [string, number] => [measuredLabel(measured), measured.value.share]);
  const sentences = [
    'The nearest translation-invariant part is the orthogonal projection onto matrices a zero-padded convolution can produce: the mean of the weights over each displacement.',
    `Kernels: input channel ${inputChannel} (of its group) to output channel ${outputChannel}, displacement 0 in the middle. Colour: ${scale.rule}.`,
    ...mergedKernelSentence(matrices),
  ];
  return patternSheet(
    recipe,
    about,
    'Translation-invariant part',
    sentences,
    [
      (page, top) => shareBars(page, top, matrices),
      (page, top) => tileGrid(page, top, tiles, { perRow: 4, scale, colours: 'blue-orange' }),
      (page, top) => colourBar(page, top, scale, 'blue-orange'),
    ],
    {
      words: `Share of the energy that a convolution could give: ${shares.map(([name, share]) => `${name} ${percentText(share)}`).join(', ')}.`,
      tables: [{ name: 'shares', columns: ['matrix', 'translation-invariant share of the energy'], rows: shares }],
    },
  );
}

/** That the difference of the kernels before and after is the merged kernel, where all three are drawn. */
function mergedKernelSentence(matrices: readonly MeasuredMatrix<InvariantPart>[]): string[] {
  if (matrices.length !== 3) return [];
  const [before, added, after] = matrices.map(({ value }) => value.kernel);
  const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = largest(after.map((value, i) => value - before[i] - added[i]));
  return [
    `The difference of the projections equals the merged kernel within ${figureNumber(difference, 2)}, largest value ${figureNumber(largest(added))}.`,
  ];
}

/** A bar per take, split into the translation-invariant part and the rest. */
function shareBars(page: Page, top: number, matrices: readonly MeasuredMatrix<InvariantPart>[]): Placed {
  const labels = matrices.map(measuredLabel);
  const room = page.right - page.left;
  const widest = largestOf(labels.map((label) => textWidth(label, page.small)));
  const number = textWidth('100.0 % / 100.0 %', page.small) + page.small;
  // Names stand beside their bars where a third of the width is left for these, else above them.
  const beside = room - widest - page.small - number > room / 3;
  const left = page.left + (beside ? widest + page.small : 0);
  const full = page.right - left - number;
  const key = shareKey(page, left, top);
  let y = key.bottom + 2;
  const marks = matrices.flatMap((measured, i): Mark[] => {
    const name = textAt(page.left, y + page.small * 0.9, labels[i], page.small);
    if (!beside) y += page.small * 1.3;
    const length = measured.value.share * full;
    const bar = [
      filled(left, y, length, page.small, AFTER),
      filled(left + length, y, full - length, page.small, BEFORE),
      textAt(page.right, y + page.small * 0.9, sharesText(measured.value.share), page.small, { anchor: 'end' }),
    ];
    y += page.small * 1.5;
    return [name, ...bar];
  });
  return { marks: [...key.marks, ...marks], bottom: y };
}

/** What the two parts of a bar are, each with a patch of its colour. */
function shareKey(page: Page, left: number, top: number): Placed {
  const side = page.small * 0.8;
  let [x, y] = [left, top + page.small * 0.2];
  const marks = (
    [
      ['translation-invariant energy', AFTER],
      ['position-specific energy', BEFORE],
    ] as const
  ).flatMap(([text, colour]): Mark[] => {
    const width = side * 1.4 + textWidth(text, page.small);
    if (x > left && x + width > page.right) [x, y] = [left, y + page.small * 1.3];
    const at = x;
    x += width + page.small * 1.5;
    return [filled(at, y, side, side, colour), textAt(at + side * 1.4, y + side, text, page.small, { fill: FAINT_INK })];
  });
  return { marks, bottom: y + page.small * 1.3 };
}

/** Both shares to a tenth of a per cent; rounding leaves 1e-16 of a pure convolution. */
function sharesText(share: number): string {
  return `${percentText(share)} / ${percentText(1 - share)}`;
}
