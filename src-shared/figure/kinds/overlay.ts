// A position map laid on a picture: bright where the layer looks or writes, dark where it does not; the
// same light means the same energy in every picture of the figure.
import type { ShownPicture } from '../../dataset/shown-picture';
import { lightOf, litPicture, type Partitions } from '../../pattern/overlay';
import type { PositionMaps } from '../../pattern/position';
import { line, outlined, RULE, type DisplayList, type Mark } from '../page/display-list';
import type { Box } from '../page/heat-map';
import { figureNumber, type Page, type Placed } from '../page/layout';
import { groupText, patternSheet, type PatternAbout } from '../page/pattern-sheet';
import { measuredLabel, type MeasuredMatrix } from './pattern-data';
import type { PatternRecipe } from '../recipe';
import { rowsOf, tileWidth, words } from '../page/tiles';

type OverlayRecipe = Extract<PatternRecipe, { kind: 'overlay' }>;

/** The picture, and how often the map is repeated over it for each take. */
export interface OverlayBackdrop {
  readonly picture: ShownPicture;
  readonly partitions: readonly Partitions[];
}

/** Side of the drawn raster in pixels: about 300 per inch at 40 mm. */
const RASTER = 480;
const PER_ROW = 4;

/** Draws the picture under the map of every take. */
export function drawOverlay(
  recipe: OverlayRecipe,
  about: PatternAbout,
  measuredMatrices: readonly MeasuredMatrix<PositionMaps>[],
  { picture, partitions }: OverlayBackdrop,
): DisplayList {
  const largest = Math.max(...measuredMatrices.flatMap(({ value }) => value[recipe.map]));
  const what = recipe.map === 'input' ? 'where it looks' : 'where it writes';
  const sentences = [
    `The map of ${what} (energy by ${recipe.map} position, ${groupText(recipe.group)}) is laid on a picture and takes its light away: ${picture.title}.`,
    `Full light is ${figureNumber(largest)} times the mean energy, in all pictures; no energy leaves 12 % of the light.`,
    partitionSentence(partitions),
  ];
  const lit = measuredMatrices.map((measured, i) => ({ measured, partitions: partitions[i] }));
  return patternSheet(recipe, about, 'Position map', sentences, [
    (page, top) =>
      rowsOf(lit, tileWidth(page, PER_ROW).perRow).reduce<Placed>(
        (above, row) => {
          const placed = pictureRow(page, above.bottom, row, picture, recipe.map, largest);
          return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.6 };
        },
        { marks: [], bottom: top },
      ),
  ]);
}

function partitionSentence(partitions: readonly Partitions[]): string {
  const [{ down, across }] = partitions;
  if (down === 1 && across === 1) return 'The map covers the whole picture.';
  return `The map covers one partition and is repeated over ${down} x ${across} of them.`;
}

interface Lit {
  readonly measured: MeasuredMatrix<PositionMaps>;
  readonly partitions: Partitions;
}

function pictureRow(page: Page, top: number, row: readonly Lit[], picture: ShownPicture, map: 'input' | 'output', largest: number): Placed {
  const { width } = tileWidth(page, PER_ROW);
  const height = (width * picture.height) / picture.width;
  const left = (i: number): number => page.left + i * (width + page.size);
  const headings = row.map(({ measured }, i) => words(left(i), top, measuredLabel(measured), page.small, width, true));
  const y = Math.max(...headings.map(({ bottom }) => bottom)) + 1;
  const pictures = row.flatMap(({ measured, partitions }, i): Mark[] => {
    const box = { x: left(i), y, width, height };
    const rgba = litPicture(picture, lightOf(measured.value[map], largest), measured.shape, partitions, RASTER);
    return [
      { kind: 'image', ...box, rows: RASTER, columns: RASTER, rgba },
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
