// Rows clustered by where they look.
import type { z } from 'zod';
import { CLOSER, rowKinds as kindsOfRows, type RowKind } from '../../pattern/detail';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { percent } from '../page/layout';
import { colourBar } from '../page/legend';
import { groupText, heading, patternSheet, type Piece } from '../page/pattern-sheet';
import { tileGrid } from '../page/tiles';
import { scaleOf } from '../page/sharing';
import {
  groupChoice,
  groupField,
  groupIn,
  mapOf,
  measuredLabel,
  measurePatterns,
  patternSchema,
  stageBy,
  type MeasuredMatrix,
  type PatternData,
} from './pattern-data';

const schema = patternSchema('row-kinds', { group: groupField });
type Recipe = z.infer<typeof schema>;

export const rowKinds = figureKind(schema)({
  kind: 'row-kinds',
  title: 'Kinds of rows',
  says: 'rows clustered by where they look',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'row-kinds', source, group: null }),
  form: ({ group }) => [groupChoice(group)],
  read: (recipe, sources) =>
    measurePatterns(recipe, sources, (block, comparison) =>
      stageBy(block, comparison, (matrix, shape) => kindsOfRows(matrix, shape, { ...CLOSER, ...groupIn(block, recipe.group) })),
    ),
  draw,
});

/** Rows clustered by where they look, the largest kind first. */
function draw(recipe: Recipe, { about, measured: matrices }: PatternData<MeasuredMatrix<readonly RowKind[]>>): DisplayList {
  const arrays = matrices.flatMap(({ value }) => value.map(({ map }) => map));
  const quantity = "share of a row's energy";
  const scale = scaleOf(recipe, { quantity, arrays, spacing: 'linear', colours: 'viridis' });
  const pieces = matrices.flatMap((measured): Piece[] => {
    const rows = measured.value.reduce((sum, { size }) => sum + size, 0);
    const tiles = measured.value.map(({ size, map }, i) => ({
      ...mapOf(measured, map),
      name: `${measuredLabel(measured)}, kind ${i + 1}`,
      heading: `kind ${i + 1}`,
      captions: [`${percent(size / rows)} of the rows`],
    }));
    return [heading(measuredLabel(measured)), (page, top) => tileGrid(page, top, tiles, { perRow: 5, scale, colours: 'viridis' })];
  });
  const sentences = [
    `Rows of ${groupText(recipe.group)}, clustered by k-means (seeded) on each row's energy over the input positions.`,
    "Maps: mean share of a row's energy by input position.",
  ];
  const bar: Piece = (page, top) => colourBar(page, top, scale, 'viridis');
  return patternSheet(recipe, about, 'Kinds of rows', sentences, [...pieces, bar], { words: wordsOf(matrices) });
}

function wordsOf(matrices: readonly MeasuredMatrix<readonly RowKind[]>[]): string {
  const parts = matrices.map((measured) => {
    const rows = measured.value.reduce((sum, { size }) => sum + size, 0);
    return `${measuredLabel(measured)}, ${measured.value.length} kinds of ${measured.value.map(({ size }) => percent(size / rows)).join(', ')} of the rows`;
  });
  return `Rows by where they look: ${parts.join('; ')}.`;
}
