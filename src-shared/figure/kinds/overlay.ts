// A position map laid on a picture: bright where the layer looks or writes, dark where it does not; the
// same light means the same energy in every picture of the figure.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import type { ShownPicture } from '../../dataset/shown-picture';
import { groupPositions } from '../../pattern/detail';
import { lightOf, litPicture, partitionsOf, type Partitions } from '../../pattern/overlay';
import type { PositionMaps } from '../../pattern/position';
import { figureKind } from '../kind';
import { line, outlined, RULE, type DisplayList, type FigureTable, type Mark } from '../page/display-list';
import { longestWord } from '../page/font-metrics';
import type { Box } from '../page/heat-map';
import { figureNumber, type Page, type Placed } from '../page/layout';
import { groupText, patternSheet } from '../page/pattern-sheet';
import { rowsOf, tileWidth, words } from '../page/tiles';
import { index, pictureSchema } from '../recipe';
import {
  groupChoice,
  groupField,
  groupIn,
  measuredLabel,
  measurePatterns,
  patternSchema,
  stageBy,
  type MeasuredMatrix,
  type PatternData,
} from './pattern-data';

/** Side of the drawn raster in pixels: about 300 per inch at 40 mm. */
const RASTER = 480;

const schema = patternSchema('overlay', {
  group: groupField,
  map: z.enum(['input', 'output']),
  picture: pictureSchema,
  /** Partitions along each side; as the network has them where left out. */
  partitions: index
    .min(1, 'there is at least one partition')
    .max(RASTER, `at most ${RASTER} partitions can be told apart along a side`)
    .optional(),
});
type Recipe = z.infer<typeof schema>;

/** A measured map, and how often it is repeated over the picture. */
interface Lit {
  readonly measured: MeasuredMatrix<PositionMaps>;
  readonly partitions: Partitions;
}

interface OverlayData extends PatternData<Lit> {
  readonly picture: ShownPicture;
}

const PARTITIONS = [undefined, 1, 2, 4, 8, 16];

export const overlay = figureKind(schema)({
  kind: 'overlay',
  title: 'Position map on a picture',
  says: 'on a sample, or the mean of a class',
  about: 'block',
  isOfBlock: true,
  start: (head, { source, picture }) => ({ ...head, kind: 'overlay', source, group: null, map: 'input', picture }),
  form: ({ group, map, picture, partitions }) => [
    groupChoice(group),
    {
      field: 'map',
      widget: 'choice',
      label: 'Map',
      value: map,
      options: [
        ['input', 'where it looks'],
        ['output', 'where it writes'],
      ],
    },
    { field: 'picture', widget: 'picture', value: picture },
    {
      field: 'partitions',
      widget: 'choice',
      label: 'Partitions along each side',
      value: partitions,
      options: PARTITIONS.map((count) => [count, count === undefined ? 'as in the network' : String(count)]),
    },
  ],
  read: async (recipe, sources): Promise<OverlayData> => {
    const data = await measurePatterns(recipe, sources, (block, comparison) => {
      const { partitions: asked } = recipe;
      const partitions = asked === undefined ? partitionsOf(block.spec, block.path) : { down: asked, across: asked };
      const maps = stageBy(block, comparison, (matrix, shape) => groupPositions(matrix, shape, groupIn(block, recipe.group)));
      return maps.map((measured) => ({ measured, partitions }));
    });
    return { ...data, picture: await sources.picture(recipe.picture) };
  },
  draw,
});

/** Pixels of the drawn raster per inch. */
const DPI = 350;
const PER_ROW = 4;

/** Draws the picture under the map of every measured matrix. */
function draw(recipe: Recipe, { about, measured: lit, picture }: OverlayData): DisplayList {
  const largest = largestOf(lit.flatMap(({ measured }) => measured.value[recipe.map]));
  const what = recipe.map === 'input' ? 'where it looks' : 'where it writes';
  const sentences = [
    `The map of ${what} (energy by ${recipe.map} position, ${groupText(recipe.group)}) is laid on a picture and takes its light away: ${picture.title}.`,
    `Full light is ${figureNumber(largest)} times the mean energy, in all pictures; no energy leaves 12 % of the light.`,
    partitionSentence(lit),
  ];
  const tables = lit.map(({ measured }) => mapTable(measuredLabel(measured), measured.shape.w, measured.value[recipe.map]));
  const pictures = (page: Page, top: number): Placed => {
    const longest = largestOf(lit.map(({ measured }) => longestWord(measuredLabel(measured), page.small, true)));
    const { width, perRow } = tileWidth(page, page.scale < 1 ? lit.length : Math.min(PER_ROW, lit.length), longest);
    return rowsOf(lit, perRow).reduce<Placed>(
      (above, row) => {
        const placed = pictureRow(page, above.bottom, row, { width, picture, map: recipe.map, largest });
        return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.6 };
      },
      { marks: [], bottom: top },
    );
  };
  return patternSheet(recipe, about, 'Position map', sentences, [pictures], { words: bordersText(recipe.map, lit), tables });
}

/** How much the border counts, before and after: what the pictures show as light. */
function bordersText(map: Recipe['map'], lit: readonly Lit[]): string {
  const parts = lit.flatMap(({ measured }) => {
    const border = map === 'output' ? measured.value.outputBorder : measured.value.inputBorder;
    return border === null ? [] : [`${measuredLabel(measured)}, ${figureNumber(border)}`];
  });
  return parts.length === 0 ? '' : `Mean energy at the border over that inside: ${parts.join('; ')}.`;
}

/** A map as a table of row, column and energy. */
export function mapTable(name: string, w: number, values: readonly number[]): FigureTable {
  return { name, columns: ['row', 'column', 'energy'], rows: values.map((value, at) => [Math.floor(at / w), at % w, value]) };
}

function partitionSentence([{ partitions }]: readonly Lit[]): string {
  const { down, across } = partitions;
  if (down === 1 && across === 1) return 'The map covers the whole picture.';
  return `The map covers one partition and is repeated over ${down} x ${across} of them.`;
}

/** What all pictures of a figure share. */
interface PictureStyle {
  readonly width: number;
  readonly picture: ShownPicture;
  readonly map: 'input' | 'output';
  readonly largest: number;
}

function pictureRow(page: Page, top: number, row: readonly Lit[], { width, picture, map, largest }: PictureStyle): Placed {
  const height = (width * picture.height) / picture.width;
  const left = (i: number): number => page.left + i * (width + page.size);
  const headings = row.map(({ measured }, i) => words(left(i), top, measuredLabel(measured), page.small, width, true));
  const y = largestOf(headings.map(({ bottom }) => bottom)) + 1;
  const side = Math.ceil((Math.max(width, height) / 72) * DPI);
  const pictures = row.flatMap(({ measured, partitions }, i): Mark[] => {
    const box = { x: left(i), y, width, height };
    const rgba = litPicture(picture, lightOf(measured.value[map], largest), measured.shape, partitions, side);
    return [
      { kind: 'image', ...box, rows: side, columns: side, rgba },
      ...partitionLines(box, partitions),
      outlined(box.x, box.y, box.width, box.height, RULE, 0.5),
    ];
  });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...pictures], bottom: y + height };
}

function partitionLines({ x, y, width, height }: Box, { down, across }: Partitions): Mark[] {
  const lineAt = (from: [number, number], to: [number, number]): Mark => line([from, to], '#ffffff', 0.4);
  const upright = Array.from({ length: across - 1 }, (_, i) => x + ((i + 1) * width) / across);
  const level = Array.from({ length: down - 1 }, (_, i) => y + ((i + 1) * height) / down);
  return [...upright.map((at) => lineAt([at, y], [at, y + height])), ...level.map((at) => lineAt([x, at], [x + width, at]))];
}
