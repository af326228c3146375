// Energy by output and by input position, of one group (share-set) or of all: where a block writes and where it looks.
import type { z } from 'zod';
import { groupPositions } from '../../pattern/detail';
import type { PositionMaps } from '../../pattern/position';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { figureNumber, panelLetter, type Page } from '../page/layout';
import { colourBar } from '../page/legend';
import { groupText, heading, patternSheet, type Piece } from '../page/pattern-sheet';
import { tileGrid, type Tile } from '../page/tiles';
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

const schema = patternSchema('position-maps', { group: groupField });
type Recipe = z.infer<typeof schema>;

export const positionMaps = figureKind(schema)({
  kind: 'position-maps',
  title: 'Position maps',
  says: 'where a block looks and writes',
  about: 'block',
  isOfBlock: true,
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
  const arrays = matrices.flatMap(({ value }) => [value.output, value.input]);
  const scale = scaleOf(recipe, { quantity: 'energy by position', arrays, spacing: 'linear', colours: 'viridis' });
  const tiles = (map: 'output' | 'input'): Tile[] =>
    matrices.map((measured) => {
      const border = map === 'output' ? measured.value.outputBorder : measured.value.inputBorder;
      const captions = border === null ? [] : [`border ${figureNumber(border)} of inside`];
      const label = measuredLabel(measured);
      return { ...mapOf(measured, measured.value[map]), name: `${label} by ${map} position`, heading: label, captions };
    });
  const style = { perRow: 6, scale, colours: 'viridis' } as const;
  const half = (map: 'output' | 'input', text: string, letter: number) => (page: Page, top: number) => {
    const over = heading(`${panelLetter(page, letter)}${text}`)(page, top);
    const maps = tileGrid(page, over.bottom, tiles(map), style);
    return { marks: [...over.marks, ...maps.marks], bottom: maps.bottom };
  };
  const writes = half('output', 'Where it writes: energy by output position', 0);
  const looks = half('input', 'Where it looks: energy by input position', 1);
  const words = tiles('output').map(
    ({ heading: label, captions }, i) => `${label}: output ${captions.join('')}, input ${tiles('input')[i].captions.join('')}`,
  );
  return patternSheet(
    recipe,
    about,
    'Energy by position',
    positionSentences(recipe.group),
    [besideWhereFew(matrices.length, writes, looks), (page, top) => colourBar(page, top, scale, 'viridis')],
    { words: `Energy at the border: ${words.join('; ')}.` },
  );
}

/** Two halves beside each other on a wide page where each has few tiles, else one below the other. */
function besideWhereFew(tiles: number, first: Piece, second: Piece): Piece {
  return (page, top) => {
    const middle = (page.left + page.right) / 2;
    if (tiles > 2 || page.right - page.left < WIDE * page.size) {
      const above = first(page, top);
      const below = second(page, above.bottom + page.size * 0.5);
      return { marks: [...above.marks, ...below.marks], bottom: below.bottom };
    }
    const [left, right] = [first({ ...page, right: middle - page.size / 2 }, top), second({ ...page, left: middle + page.size / 2 }, top)];
    return { marks: [...left.marks, ...right.marks], bottom: Math.max(left.bottom, right.bottom) };
  };
}

/** In heights of type: narrower pages have no room for four maps in a row. */
const WIDE = 45;

function positionSentences(group: number | null): string[] {
  return [
    `Rows of ${groupText(group)}. Energy is the sum of squared weights, relative to its mean over the positions: 1 everywhere is no preference.`,
    'Border: mean of the border positions over mean of the inner ones.',
  ];
}
