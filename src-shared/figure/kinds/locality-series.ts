// Locality of one block in two networks side by side, or over the epochs of a run: the numbers, the profile,
// and energy by displacement after the merge, all on one scale.
import { headlineOf, type Headline } from '../../pattern/compare';
import type { DisplayList } from '../page/display-list';
import { epochPlots, lineKey } from '../page/epoch-plot';
import { colourBar } from '../page/legend';
import { columnOf, densityOf, numbersTable, randomColumn } from './locality-numbers';
import { profilePlot } from './locality-profile';
import { FAINT_INK } from '../page/display-list';
import { patternSheet, type PatternAbout, type Piece } from '../page/pattern-sheet';
import type { BlockPattern } from '../../pattern/analyse';
import type { RecipeHead } from '../recipe';
import { tileGrid, type Tile } from '../page/tiles';
import { positiveScale } from '../page/value-scale';

type Measured = readonly { readonly subject: string; readonly pattern: BlockPattern }[];

const MAPS =
  'Maps: mean energy (w squared) per weight at each displacement after merging, relative to the mean of all weights, logarithmic colours, displacement 0 in the middle.';
const COLOURS = ['#c9650f', '#2a6fae', '#5a3d8a', '#1b7837'] as const;

/** Two networks side by side. */
export function drawLocalityBeside(recipe: Pick<RecipeHead, 'layout'>, about: PatternAbout, measuredMatrices: Measured): DisplayList {
  const columns = measuredMatrices.flatMap(({ subject, pattern }) => [
    columnOf(`${subject} before`, pattern.before),
    columnOf(`${subject} after`, pattern.after),
  ]);
  const [first] = measuredMatrices;
  const series = measuredMatrices.map(({ subject, pattern }, i) => ({
    name: `${subject} after`,
    colour: COLOURS[i % COLOURS.length],
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
      ...displacementPieces(measuredMatrices),
    ],
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
  { name: 'before merging', colour: '#c9650f', dash: [] },
  { name: 'after merging', colour: '#2a6fae', dash: [3, 1.5] },
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
      (page, top) => lineKey(page, top, LINES),
      (page, top) => epochPlots(page, top, about.epochs, quantities, LINES),
      ...displacementPieces(measuredMatrices),
    ],
  );
}

function displacementPieces(measuredMatrices: Measured): Piece[] {
  const tiles = measuredMatrices.map(({ subject, pattern }): Tile => {
    const { h, w } = pattern.shape;
    return { rows: 2 * h - 1, columns: 2 * w - 1, data: densityOf(pattern.after, pattern.shape), heading: subject, captions: [] };
  });
  const scale = positiveScale(
    tiles.map(({ data }) => data),
    'log',
  );
  return [
    (page, top) => tileGrid(page, top, tiles, { perRow: 6, scale, colours: 'viridis' }),
    (page, top) => colourBar(page, top, scale, 'viridis'),
  ];
}
