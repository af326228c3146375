// The numbers of a locality figure: the measures a paper prints as a table, and energy density by displacement.
import { largestOf } from '../../base/extremes';
import type { FcShape } from '../../matrix/geometry';
import type { BlockPattern, MatrixPattern } from '../../pattern/analyse';
import { pairCounts } from '../../pattern/displacement';
import { FAINT_INK, textAt, type FigureTable, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { figureNumber, percent, type Page, type Placed } from '../page/layout';
import { rowsOf } from '../page/tiles';

/** The numbers a paper prints, in words. */
export const ROWS: readonly (readonly [name: string, value: (pattern: MatrixPattern) => string])[] = [
  ['translation-invariant share', (pattern) => percent(pattern.invariantShare)],
  ['share outside the largest kernel', (pattern) => percent(pattern.locality.longRangeShare)],
  ['half-energy radius', (pattern) => `${figureNumber(pattern.locality.halfEnergyRadius)} px`],
  ['left-right symmetry', (pattern) => figureNumber(pattern.symmetry.leftRight, 2)],
  ['up-down symmetry', (pattern) => figureNumber(pattern.symmetry.upDown, 2)],
];

/** A column of the table of numbers. */
export interface NumberColumn {
  readonly title: string;
  readonly values: readonly string[];
  readonly faint?: boolean;
}

/** A matrix's numbers as a column. */
export function columnOf(title: string, pattern: MatrixPattern): NumberColumn {
  return { title, values: ROWS.map(([, value]) => value(pattern)) };
}

/** What random weights would give. */
export function randomColumn({ baselines: { random, randomInvariantShare } }: BlockPattern): NumberColumn {
  const values = [percent(randomInvariantShare), percent(random.longRangeShare), `${figureNumber(random.halfEnergyRadius)} px`, '0', '0'];
  return { title: 'random', values, faint: true };
}

/** The measures side by side; below each other where the page is too narrow for all columns. */
export function numbersTable(page: Page, top: number, columns: readonly NumberColumn[]): Placed {
  const room = page.right - page.left - largestOf(ROWS.map(([name]) => textWidth(name, page.small)));
  const widest = largestOf(columns.map((column) => columnWidth(column, page.small)));
  const perTable = Math.max(1, Math.min(columns.length, Math.floor((room * FILLED) / widest)));
  const pitch = Math.min(page.small * 13, room / perTable);
  return rowsOf(columns, perTable).reduce<Placed>(
    (above, part) => {
      const { marks, bottom } = partOfTable(page, above.bottom, part, pitch);
      return { marks: [...above.marks, ...marks], bottom };
    },
    { marks: [], bottom: top },
  );
}

/** Share of a column that its words may fill. */
const FILLED = 0.95;

function columnWidth({ title, values }: NumberColumn, size: number): number {
  return largestOf(
    values.map((value) => textWidth(value, size)),
    textWidth(title, size, true),
  );
}

function partOfTable(page: Page, top: number, columns: readonly NumberColumn[], pitch: number): Placed {
  const rightOf = (column: number): number => page.right - (columns.length - 1 - column) * pitch;
  const lineAt = (row: number): number => top + page.size * (1 + row * 1.4);
  const titles = columns.map(({ title }, i) => textAt(rightOf(i), lineAt(0), title, page.small, { anchor: 'end', bold: true }));
  const rows = ROWS.flatMap(([name], row): Mark[] => [
    textAt(page.left, lineAt(row + 1), name, page.small),
    ...columns.map(({ values, faint }, i) =>
      textAt(rightOf(i), lineAt(row + 1), values[row], page.small, { anchor: 'end', ...(faint && { fill: FAINT_INK }) }),
    ),
  ]);
  return { marks: [...titles, ...rows], bottom: lineAt(ROWS.length) + page.size * 0.5 };
}

/** Mean energy per weight at each displacement (2h-1, 2w-1), relative to the mean over all weights. */
export function densityOf(pattern: MatrixPattern, shape: FcShape): Float32Array {
  const counts = pairCounts(shape);
  const positions = (shape.h * shape.w) ** 2;
  return Float32Array.from(pattern.byDisplacement, (share, index) => (share * positions) / counts[index]);
}

/** The columns as a table of a sidecar. */
export function columnsTable(columns: readonly NumberColumn[]): FigureTable {
  const rows = ROWS.map(([name], row) => [name, ...columns.map(({ values }) => values[row])]);
  return { name: 'measures', columns: ['measure', ...columns.map(({ title }) => title)], rows };
}

/** Mean energy per weight over distance, a column per line. */
export function profileTable(lines: readonly { readonly name: string; readonly locality: MatrixPattern['locality'] }[]): FigureTable {
  const distances = largestOf(
    lines.map(({ locality }) => locality.densityByDistance.length),
    0,
  );
  const rows = Array.from({ length: distances }, (_, d) => [
    d,
    ...lines.map(({ locality }) => locality.densityByDistance[d] ?? Number.NaN),
  ]);
  return { name: 'energy by distance', columns: ['distance in pixels', ...lines.map(({ name }) => name)], rows };
}
