// Samples of a data set as the data set stage shows them: a page of pictures with their labels; of scenes the class of every pixel
// beside each. A sample that cannot be read is said in its place.
import { z } from 'zod';
import { largestOf } from '../../base/extremes';
import { datasetReferenceSchema } from '../../dataset/reference-schema';
import { datasetReferenceText } from '../../dataset/reference';
import { SAMPLES_A_PAGE } from '../../dataset/sample-pixels';
import { SOURCE_NAMES } from '../../dataset/wire';
import { seed } from '../../tensor/random';
import { figureKind, type ReadSamples, type ShownSample } from '../kind';
import { POINTS_PER_INCH, RULE, outlined, type DisplayList, type FigureTable, type ImageMark, type Mark } from '../page/display-list';
import { longestWord } from '../page/font-metrics';
import { assemble, note, pageOf, titleBlock, type Page, type Placed } from '../page/layout';
import { rowsOf, words } from '../page/tiles';
import { index, recipeSchema } from '../recipe';

const schema = recipeSchema('samples', {
  dataset: datasetReferenceSchema,
  split: z.enum(SOURCE_NAMES),
  /** The first sample, and how many. */
  first: index,
  count: index.min(1, 'a figure shows a sample at least').max(SAMPLES_A_PAGE, `a figure shows ${SAMPLES_A_PAGE} samples at most`),
});
type SamplesRecipe = z.infer<typeof schema>;

const SPLITS: Readonly<Record<(typeof SOURCE_NAMES)[number], string>> = {
  train: 'training',
  validation: 'validation',
  verification: 'pairs to verify',
  identification: 'probes and distractors',
};
const SHAPES = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;

export const samples = figureKind(schema)({
  kind: 'samples',
  title: 'Samples of a data set',
  says: 'pictures of a split with their labels',
  about: 'nothing',
  start: (head, { picture }) => ({
    ...head,
    kind: 'samples',
    dataset: 'dataset' in picture ? picture.dataset : SHAPES,
    split: 'train',
    first: 0,
    count: 20,
  }),
  form: ({ split, first, count }) => [
    { field: 'split', widget: 'choice', label: 'Split', value: split, options: SOURCE_NAMES.map((name) => [name, SPLITS[name]]) },
    { field: 'first', widget: 'index', label: 'First sample', value: first, hint: 'counted from 0' },
    {
      field: 'count',
      widget: 'choice',
      label: 'Samples',
      value: count,
      options: [...new Set([10, 20, 40, SAMPLES_A_PAGE, count])].sort((a, b) => a - b).map((many) => [many, String(many)]),
    },
  ],
  read: (recipe, sources) => sources.samples(recipe),
  draw: drawSamples,
});

/** Pictures beside each other where the page is wide enough. */
const PER_ROW = 10;
/** Narrowest picture, in heights of its type; a picture is at most so many times higher than wide. */
const NARROWEST = 7;
const MOST_ASPECT = 2;
/** Pixels per inch: small pictures are enlarged by whole pixels, so that no reader blurs them. */
const CRISP_DPI = 350;

function drawSamples({ layout, dataset, split, first }: SamplesRecipe, { shown, total, name }: ReadSamples): DisplayList {
  const page = pageOf(layout);
  const title = titleBlock(page, layout.title);
  const hasMaps = shown.some((sample) => 'classMap' in sample && sample.classMap !== null);
  const room = page.right - page.left;
  const longest = largestOf(shown.map((sample) => longestWord(textOf(sample), page.small)));
  const least = Math.max(longest, NARROWEST * page.small * (hasMaps ? 2 : 1) * page.scale);
  const wanted = Math.min(page.scale < 1 ? shown.length : PER_ROW, shown.length);
  const perRow = Math.max(1, Math.min(wanted, Math.floor((room + page.small) / (least + page.small))));
  const width = Math.max(longest, ((room - page.small * (perRow - 1)) / Math.max(perRow, 3)) * (page.scale < 1 ? page.scale : 1));
  const grid = rowsOf(shown, perRow).reduce<Placed>(
    (above, row) => {
      const placed = sampleRow(page, above.bottom, row, width, hasMaps);
      return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.4 };
    },
    { marks: [], bottom: title.bottom + 2 },
  );
  const broken = shown.filter((sample) => 'problem' in sample);
  const text = [
    `Samples ${first} to ${first + shown.length - 1} of ${total}, ${SPLITS[split]} split of ${name}${dataset.kind === 'embedded' ? ` (${datasetReferenceText(dataset)})` : ''}.`,
    ...(hasMaps ? ['Beside each picture the class of every pixel as a colour; ignored pixels have none.'] : []),
    ...(broken.length > 0 ? [`Dashed, since their files cannot be read: ${broken.map((one) => one.index).join(', ')}.`] : []),
  ].join(' ');
  const description = `${text} Labels: ${shown.map(textOf).join(', ')}.`;
  return assemble(page, { title: layout.title ?? `Samples of ${name}`, description, tables: [tableOf(shown)] }, [
    title,
    grid,
    note(page, grid.bottom, text),
  ]);
}

function textOf(sample: ShownSample): string {
  return 'problem' in sample ? 'broken' : sample.label;
}

function sampleRow(page: Page, top: number, row: readonly ShownSample[], width: number, hasMaps: boolean): Placed {
  const left = (i: number): number => page.left + i * (width + page.small);
  const side = hasMaps ? (width - 1) / 2 : width;
  const drawn = row.map((sample, i) => ('problem' in sample ? emptyPicture(left(i), top, side) : pictureMarks(sample, left(i), top, side)));
  const under = largestOf(drawn.map(({ bottom }) => bottom)) + 1;
  const texts = row.map((sample, i) => words(left(i), under, textOf(sample), page.small, width, false));
  const marks = [...drawn, ...texts].flatMap((placed) => placed.marks);
  return { marks, bottom: largestOf([under, ...texts.map(({ bottom }) => bottom)]) };
}

function emptyPicture(x: number, y: number, side: number): Placed {
  return { marks: [outlined(x, y, side, side, RULE, 0.5, [2, 1.5])], bottom: y + side };
}

function pictureMarks(
  { pixels, classMap, width, height }: Exclude<ShownSample, { problem: string }>,
  x: number,
  y: number,
  side: number,
): Placed {
  const aspect = Math.min(MOST_ASPECT, height / width);
  const [across, down] = [(side * aspect * width) / height, side * aspect];
  const of = (rgba: Uint8ClampedArray, at: number): Mark => enlarged({ rgba, width, height }, at, y, across, down);
  return { marks: [of(pixels, x), ...(classMap === null ? [] : [of(classMap, x + side + 1)])], bottom: y + down };
}

interface Pixels {
  readonly rgba: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A picture on white, each of its pixels as so many of the page's. */
function enlarged({ rgba, width, height }: Pixels, x: number, y: number, across: number, down: number): ImageMark {
  const zoom = Math.max(1, Math.ceil(((across / POINTS_PER_INCH) * CRISP_DPI) / width));
  const columns = width * zoom;
  const pixels = new Uint8Array(4 * columns * height * zoom);
  for (let row = 0; row < height * zoom; row++)
    for (let column = 0; column < columns; column++) {
      const from = 4 * (Math.floor(row / zoom) * width + Math.floor(column / zoom));
      const at = 4 * (row * columns + column);
      const share = rgba[from + 3] / 255;
      for (let c = 0; c < 3; c++) pixels[at + c] = Math.round(255 + (rgba[from + c] - 255) * share);
      pixels[at + 3] = 255;
    }
  return { kind: 'image', x, y, width: across, height: down, columns, rows: height * zoom, rgba: pixels };
}

/** The labels, and the mean of each picture: one that is another than before is told by it. */
function tableOf(shown: readonly ShownSample[]): FigureTable {
  const rows = shown.map((sample): FigureTable['rows'][number] => {
    if ('problem' in sample) return [sample.index, sample.problem, '', '', ''];
    const sum = sample.pixels.reduce((total, value, at) => total + (at % 4 === 3 ? 0 : value), 0);
    return [sample.index, sample.label, sample.width, sample.height, Math.round((sum / (3 * sample.width * sample.height)) * 1e6) / 1e6];
  });
  return { name: 'samples', columns: ['sample', 'label', 'width', 'height', 'mean of its pixels'], rows };
}
