// Figures of a block's patterns: position maps, kinds of rows, singular vectors of the rest, and the
// translation-invariant part. All maps of a figure are on one scale.
import type { MatrixRest, RowKind } from '../../pattern/detail';
import type { PositionMaps } from '../../pattern/position';
import { FAINT_INK, filled, textAt, type DisplayList, type Mark } from '../page/display-list';
import { fitText, textWidth } from '../page/font-metrics';
import { figureNumber, paragraph, percent, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { groupText, patternSheet, type PatternAbout, type Piece } from '../page/pattern-sheet';
import { measuredLabel, type InvariantPart, type MeasuredMatrix } from './pattern-data';
import type { PatternRecipe } from '../recipe';
import { tileGrid, type Tile } from '../page/tiles';
import { positiveScale, valueScale, type ValueScale } from '../page/value-scale';

type Of<K extends PatternRecipe['kind']> = Extract<PatternRecipe, { kind: K }>;

/** Where the rows of a group write and look. */
export function drawPositionMaps(
  recipe: Of<'position-maps'>,
  about: PatternAbout,
  measuredMatrices: readonly MeasuredMatrix<PositionMaps>[],
): DisplayList {
  const scale = positiveScale(
    measuredMatrices.flatMap(({ value }) => [value.output, value.input]),
    'linear',
  );
  const tiles = (map: 'output' | 'input'): Tile[] =>
    measuredMatrices.map((measured) => {
      const border = map === 'output' ? measured.value.outputBorder : measured.value.inputBorder;
      const captions = border === null ? [] : [`border ${figureNumber(border)} of inside`];
      return { ...mapOf(measured, measured.value[map]), heading: measuredLabel(measured), captions };
    });
  const style = { perRow: 6, scale, colours: 'viridis' } as const;
  return patternSheet(recipe, about, 'Energy by position', positionSentences(recipe.group), [
    heading('Where it writes: energy by output position'),
    (page, top) => tileGrid(page, top, tiles('output'), style),
    heading('Where it looks: energy by input position'),
    (page, top) => tileGrid(page, top, tiles('input'), style),
    (page, top) => colourBar(page, top, scale, 'viridis'),
  ]);
}

function positionSentences(group: number | null): string[] {
  return [
    `Rows of ${groupText(group)}. Energy is the sum of squared weights, relative to its mean over the positions: 1 everywhere is no preference.`,
    'Border: mean of the border positions over mean of the inner ones.',
  ];
}

/** Rows clustered by where they look, the largest kind first. */
export function drawRowKinds(
  recipe: Of<'row-kinds'>,
  about: PatternAbout,
  measuredMatrices: readonly MeasuredMatrix<readonly RowKind[]>[],
): DisplayList {
  const scale = positiveScale(
    measuredMatrices.flatMap(({ value }) => value.map(({ map }) => map)),
    'linear',
  );
  const pieces = measuredMatrices.flatMap((measured): Piece[] => {
    const rows = measured.value.reduce((sum, { size }) => sum + size, 0);
    const tiles = measured.value.map(({ size, map }, i) => ({
      ...mapOf(measured, map),
      heading: `kind ${i + 1}`,
      captions: [`${percent(size / rows)} of the rows`],
    }));
    return [heading(measuredLabel(measured)), (page, top) => tileGrid(page, top, tiles, { perRow: 5, scale, colours: 'viridis' })];
  });
  const sentences = [
    `Rows of ${groupText(recipe.group)}, clustered by k-means (seeded) on each row's energy over the input positions.`,
    "Maps: mean share of a row's energy by input position.",
  ];
  return patternSheet(recipe, about, 'Kinds of rows', sentences, [...pieces, (page, top) => colourBar(page, top, scale, 'viridis')]);
}

/** What a group looks for and answers with beyond any convolution. */
export function drawRestVectors(
  recipe: Of<'rest-vectors'>,
  about: PatternAbout,
  measuredMatrices: readonly MeasuredMatrix<MatrixRest>[],
): DisplayList {
  const maps = measuredMatrices.flatMap(({ value }) => value.restVectors.flatMap(({ input, output }) => [input, output]));
  const scale = valueScale(
    maps.map((map) => Float32Array.from(map)),
    'linear',
  );
  const pieces = measuredMatrices.flatMap((measured): Piece[] => [
    heading(`${measuredLabel(measured)}: the rest holds ${percent(measured.value.restShare)} of the energy`),
    (page, top) => tileGrid(page, top, vectorTiles(measured), { perRow: 4, scale, colours: 'blue-orange' }),
  ]);
  const sentences = [
    `Leading singular vectors of what no convolution gives in ${groupText(recipe.group)}, strongest first, unit length, the strongest channel of each: the pattern looked for and the pattern answered with.`,
    'Shares are of the energy of the rest. Merging adds convolutions and leaves the rest as it is.',
    `Colour: ${signedRule(scale)}.`,
  ];
  return patternSheet(recipe, about, 'Singular vectors of the position-specific rest', sentences, [
    ...pieces,
    (page, top) => colourBar(page, top, scale, 'blue-orange'),
  ]);
}

function vectorTiles(measured: MeasuredMatrix<MatrixRest>): Tile[] {
  return measured.value.restVectors.flatMap(({ energyShare, input, inputChannel, output, outputChannel }, i) => [
    { ...mapOf(measured, input), heading: `${i + 1} looks for`, captions: [`input channel ${inputChannel}`, percent(energyShare)] },
    { ...mapOf(measured, output), heading: `${i + 1} answers`, captions: [`output channel ${outputChannel}`] },
  ]);
}

/** The nearest translation-invariant part: its share of the energy, and one channel pair's kernel over all displacements. */
export function drawProjection(
  recipe: Of<'projection'>,
  about: PatternAbout,
  measuredMatrices: readonly MeasuredMatrix<InvariantPart>[],
): DisplayList {
  const scale = valueScale(
    measuredMatrices.map(({ value }) => value.kernel),
    'linear',
  );
  const tiles = measuredMatrices.map((measured): Tile => {
    const { h, w } = measured.shape;
    return { rows: 2 * h - 1, columns: 2 * w - 1, data: measured.value.kernel, heading: measuredLabel(measured), captions: [] };
  });
  const { outputChannel, inputChannel } = recipe;
  const sentences = [
    'The nearest translation-invariant part is the orthogonal projection onto matrices a zero-padded convolution can produce: the mean of the weights over each displacement.',
    `Kernels: input channel ${inputChannel} (of its group) to output channel ${outputChannel}, displacement 0 in the middle. Colour: ${signedRule(scale)}.`,
    ...mergedKernelSentence(measuredMatrices),
  ];
  return patternSheet(recipe, about, 'Translation-invariant part', sentences, [
    (page, top) => shareBars(page, top, measuredMatrices),
    (page, top) => tileGrid(page, top, tiles, { perRow: 4, scale, colours: 'blue-orange' }),
    (page, top) => colourBar(page, top, scale, 'blue-orange'),
  ]);
}

/** That the difference of the kernels before and after is the merged kernel, where all three are drawn. */
function mergedKernelSentence(measuredMatrices: readonly MeasuredMatrix<InvariantPart>[]): string[] {
  if (measuredMatrices.length !== 3) return [];
  const [before, added, after] = measuredMatrices.map(({ value }) => value.kernel);
  const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = largest(after.map((value, i) => value - before[i] - added[i]));
  return [
    `The difference of the projections equals the merged kernel within ${figureNumber(difference, 2)}, largest value ${figureNumber(largest(added))}.`,
  ];
}

/** The rule of a linear signed scale; its last mark is the largest magnitude. */
function signedRule({ ticks }: ValueScale): string {
  return `linear, zero in the middle, limits ±${ticks[ticks.length - 1].label}, the largest magnitude shown`;
}

const SHARE_COLOURS = ['#2a6fae', '#f0a152'] as const;

/** A bar per take, split into the translation-invariant part and the rest. */
function shareBars(page: Page, top: number, measuredMatrices: readonly MeasuredMatrix<InvariantPart>[]): Placed {
  const names = Math.min(
    (page.right - page.left) * 0.35,
    Math.max(...measuredMatrices.map((measured) => textWidth(measuredLabel(measured), page.small))),
  );
  const number = textWidth('100.0 % / 100.0 %', page.small);
  const left = page.left + names + page.small;
  const full = page.right - left - number - page.small;
  const key = paragraph(left, top, 'energy: translation-invariant (blue) / position-specific (orange)', page.small, page.right - left, {
    fill: FAINT_INK,
  });
  const marks = measuredMatrices.flatMap((measured, i): Mark[] => {
    const y = key.bottom + 2 + i * page.small * 1.5;
    const length = measured.value.share * full;
    return [
      textAt(page.left, y + page.small * 0.9, fitText(measuredLabel(measured), page.small, names), page.small),
      filled(left, y, length, page.small, SHARE_COLOURS[0]),
      filled(left + length, y, full - length, page.small, SHARE_COLOURS[1]),
      textAt(page.right, y + page.small * 0.9, sharesText(measured.value.share), page.small, {
        anchor: 'end',
      }),
    ];
  });
  return { marks: [...key.marks, ...marks], bottom: key.bottom + 2 + measuredMatrices.length * page.small * 1.5 };
}

/** Both shares to a tenth of a per cent; rounding leaves 1e-16 of a pure convolution. */
function sharesText(share: number): string {
  return `${(100 * share).toFixed(1)} % / ${(100 * (1 - share)).toFixed(1)} %`;
}

function heading(text: string): Piece {
  return (page, top) => paragraph(page.left, top, text, page.size, page.right - page.left, { bold: true });
}

function mapOf({ shape }: MeasuredMatrix<unknown>, values: readonly number[]): { rows: number; columns: number; data: Float32Array } {
  return { rows: shape.h, columns: shape.w, data: Float32Array.from(values) };
}
