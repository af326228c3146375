// Energy by output and by input position, of one group (share-set) or of all: where a block writes and where it looks.
import type { z } from 'zod';
import { groupPositions } from '../../pattern/detail';
import type { PositionMaps } from '../../pattern/position';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { figureNumber } from '../page/layout';
import { colourBar } from '../page/legend';
import { groupText, heading, patternSheet } from '../page/pattern-sheet';
import { tileGrid, type Tile } from '../page/tiles';
import { positiveScale } from '../page/value-scale';
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

const schema = patternSchema('position-maps', { group: groupField });
type Recipe = z.infer<typeof schema>;

export const positionMaps = figureKind(schema)({
  kind: 'position-maps',
  title: 'Position maps',
  says: 'where a block looks and writes',
  about: 'block',
  start: (head, { source }) => ({ ...head, kind: 'position-maps', source, group: null }),
  form: ({ group }) => [groupChoice(group)],
  read: (recipe, sources) =>
    measurePatterns(recipe, sources, (block, comparison) =>
      stageBy(block, comparison, (matrix, shape) => groupPositions(matrix, shape, groupIn(block, recipe.group))),
    ),
  draw,
});

/** Where the rows of a group write and look. */
function draw(recipe: Recipe, { about, measured: matrices }: PatternData<MeasuredMatrix<PositionMaps>>): DisplayList {
  const scale = positiveScale(
    matrices.flatMap(({ value }) => [value.output, value.input]),
    'linear',
  );
  const tiles = (map: 'output' | 'input'): Tile[] =>
    matrices.map((measured) => {
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
