// Leading singular vectors of what no convolution gives, in one group.
import type { z } from 'zod';
import { CLOSER, restOf, type MatrixRest } from '../../pattern/detail';
import { figureKind } from '../kind';
import type { DisplayList } from '../page/display-list';
import { percent } from '../page/layout';
import { colourBar } from '../page/legend';
import { groupText, heading, patternSheet, type Piece } from '../page/pattern-sheet';
import { tileGrid, type Tile } from '../page/tiles';
import { scaleOf } from '../page/sharing';
import { index } from '../recipe';
import {
  groupIn,
  mapOf,
  measuredLabel,
  measurePatterns,
  patternSchema,
  stageBy,
  type MeasuredMatrix,
  type PatternData,
} from './pattern-data';

const schema = patternSchema('rest-vectors', { group: index });
type Recipe = z.infer<typeof schema>;

export const restVectors = figureKind(schema)({
  kind: 'rest-vectors',
  title: 'Singular vectors of the rest',
  says: 'what no convolution gives',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'rest-vectors', source, group: 0 }),
  form: ({ group }) => [{ field: 'group', widget: 'index', label: 'Group', hint: 'RepMLPNet: share-set', value: group }],
  // Merging adds convolutions, which leave the rest as it is: it is shown after the merge alone.
  read: (recipe, sources) =>
    measurePatterns(recipe, sources, (block, comparison) =>
      stageBy(block, comparison, (matrix, shape) => restOf(matrix, shape, { ...CLOSER, ...groupIn(block, recipe.group) }), ['after']),
    ),
  draw,
});

/** What a group looks for and answers with beyond any convolution. */
function draw(recipe: Recipe, { about, measured: matrices }: PatternData<MeasuredMatrix<MatrixRest>>): DisplayList {
  const maps = matrices.flatMap(({ value }) =>
    value.restVectors.flatMap(({ input, output }) => [input, output].map((map) => Float32Array.from(map))),
  );
  const asked = { quantity: 'singular vectors', arrays: maps, transform: 'linear', colours: 'blue-orange' } as const;
  const scale = scaleOf(recipe, asked);
  const pieces = matrices.flatMap((measured): Piece[] => [
    heading(`${measuredLabel(measured)}: the rest holds ${percent(measured.value.restShare)} of the energy`),
    (page, top) => tileGrid(page, top, vectorTiles(measured), { perRow: 4, scale, colours: 'blue-orange' }),
  ]);
  const sentences = [
    `Leading singular vectors of what no convolution gives in ${groupText(recipe.group)}, strongest first, unit length, the strongest channel of each: the pattern looked for and the pattern answered with.`,
    'Shares are of the energy of the rest. Merging adds convolutions and leaves the rest as it is.',
    `Colour: ${scale.rule}.`,
  ];
  return patternSheet(
    recipe,
    about,
    'Singular vectors of the position-specific rest',
    sentences,
    [...pieces, (page, top) => colourBar(page, top, scale, 'blue-orange')],
    { words: wordsOf(matrices) },
  );
}

function wordsOf(matrices: readonly MeasuredMatrix<MatrixRest>[]): string {
  const parts = matrices.map((measured) => {
    const strongest = measured.value.restVectors[0];
    const first = strongest === undefined ? '' : `, ${percent(strongest.energyShare)} of it in the strongest pair`;
    return `${measuredLabel(measured)}, no convolution gives ${percent(measured.value.restShare)} of the energy${first}`;
  });
  return `Of the weights ${parts.join('; ')}.`;
}

function vectorTiles(measured: MeasuredMatrix<MatrixRest>): Tile[] {
  return measured.value.restVectors.flatMap(({ energyShare, input, inputChannel, output, outputChannel }, i) => [
    {
      ...mapOf(measured, input),
      name: `${measuredLabel(measured)}, ${i + 1} looks for`,
      heading: `${i + 1} looks for`,
      captions: [`input channel ${inputChannel}`, percent(energyShare)],
    },
    {
      ...mapOf(measured, output),
      name: `${measuredLabel(measured)}, ${i + 1} answers`,
      heading: `${i + 1} answers`,
      captions: [`output channel ${outputChannel}`],
    },
  ]);
}
