// Locality of one block in two networks side by side, or over the epochs of a run: the numbers, the profile,
// and energy by displacement after the merge, all on one scale.
import { headlineOf, type Headline } from '../../pattern/compare';
import type { DisplayList } from '../page/display-list';
import { epochPlots, epochTable, lineKey, withKey } from '../page/epoch-plot';
import { colourBar } from '../page/legend';
import { columnOf, columnsTable, densityOf, numbersTable, profileTable, randomColumn } from './locality-numbers';
import { profilePlot } from './locality-profile';
import { FAINT_INK } from '../page/display-list';
import { patternSheet, type PatternAbout, type Piece } from '../page/pattern-sheet';
import type { BlockPattern } from '../../pattern/analyse';
import type { RecipeHead } from '../recipe';
import { AFTER, BEFORE, SERIES } from '../page/series-colours';
import { tileGrid, type Tile } from '../page/tiles';
import { scaleOf } from '../page/sharing';

type Measured = readonly { readonly subject: string; readonly pattern: BlockPattern }[];

const MAPS =
  'Maps: mean energy (w squared) per weight at each displacement after merging, relative to the mean of all weights, logarithmic colours, displacement 0 in the middle.';

/** Two networks side by side. */
export function drawLocalityBeside(recipe: Pick<RecipeHead, 'layout'>, about: PatternAbout, measuredMatrices: Measured): DisplayList {
  const columns = measuredMatrices.flatMap(({ subject, pattern }) => [
    columnOf(`${subject} before`, pattern.before),
    columnOf(`${subject} after`, pattern.after),
  ]);
  const [first] = measuredMatrices;
  const series = measuredMatrices.map(({ subject, pattern }, i) => ({
    name: `${subject} after`,
    colour: SERIES[i % SERIES.length],
    dash: [],
    locality: pattern.after.locality,
  }));
  const random = { name: 'random weights', colour: FAINT_INK, dash: [1, 1.5], locality: first.pattern.baselines.random };
  return patternSheet(
    recipe,
    about,
    'Locality',
    [`Random: what independent weights of one variance give in ${first.subject}.`, MAPS],
    [
      (page, top) => numbersTable(page, top, [...columns, randomColumn(first.pattern)]),
      (page, top) => profilePlot(page, top, [...series, random]),
      ...displacementPieces(recipe, measuredMatrices),
    ],
    { tables: [columnsTable([...columns, randomColumn(first.pattern)]), profileTable([...series, random])] },
  );
}

const QUANTITIES: readonly (readonly [string, keyof Headline])[] = [
  ['translation-invariant share', 'invariantShare'],
  ['half-energy radius, px', 'halfEnergyRadius'],
  ['share outside the largest kernel', 'longRangeShare'],
  ['left-right symmetry', 'leftRight'],
  ['up-down symmetry', 'upDown'],
];
const LINES = [
  { name: 'before merging', colour: BEFORE, dash: [] },
  { name: 'after merging', colour: AFTER, dash: [3, 1.5] },
] as const;

/** The epochs of a run. */
export function drawLocalityEpochs(recipe: Pick<RecipeHead, 'layout'>, about: PatternAbout, measuredMatrices: Measured): DisplayList {
  const quantities = QUANTITIES.map(([name, key]) => ({
    name,
    values: (['before', 'after'] as const).map((stage) => measuredMatrices.map(({ pattern }) => headlineOf(pattern[stage])[key])),
  }));
  return patternSheet(
    recipe,
    about,
    'Locality over the epochs',
    [MAPS],
    [
      (page, top) =>
        withKey(
          page,
          top,
          (at) => lineKey(page, at, LINES),
          (at) => epochPlots(page, at, about.epochs, quantities, LINES),
        ),
      ...displacementPieces(recipe, measuredMatrices),
    ],
    { tables: [epochTable(about.epochs, quantities, LINES)] },
  );
}

function displacementPieces(recipe: Pick<RecipeHead, 'layout'>, measuredMatrices: Measured): Piece[] {
  const tiles = measuredMatrices.map(({ subject, pattern }): Tile => {
    const { h, w } = pattern.shape;
    return {
      rows: 2 * h - 1,
      columns: 2 * w - 1,
      data: densityOf(pattern.after, pattern.shape),
      heading: subject,
      captions: [],
      name: `${subject} energy by displacement`,
    };
  });
  const arrays = tiles.map(({ data }) => data);
  const scale = scaleOf(recipe, { quantity: 'energy by displacement', arrays, spacing: 'log', colours: 'viridis' });
  return [
    (page, top) => tileGrid(page, top, tiles, { perRow: 6, scale, colours: 'viridis' }),
    (page, top) => colourBar(page, top, scale, 'viridis'),
  ];
}
