// FC3 of one block as pictures side by side: before (FC3 with its BN folded in), what the conv branches
// add, and the merged result, all three on one zero-centred scale.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import { COLOUR_SCALE_NAMES, colourScale } from '../../colour/scales';
import { VALUE_TRANSFORMS, valueTransform } from '../../colour/transform';
import { UserError } from '../../base/user-error';
import { largestMagnitude } from '../../matrix/statistics';
import type { BlockMatrices } from '../../merge/report';
import { blockOf } from '../block-of';
import { figureKind } from '../kind';
import { FAINT_INK, type DisplayList } from '../page/display-list';
import { heatMap, poolingRule, type Box } from '../page/heat-map';
import {
  assemble,
  figureNumber,
  note,
  pageOf,
  panelLetter,
  paragraph,
  percent,
  titleBlock,
  turnedParagraph,
  turnedWidth,
  type Page,
  type Placed,
} from '../page/layout';
import { colourBar } from '../page/legend';
import { colourLimits, recipeSchema, regionSchema, sourceSchema } from '../recipe';
import { scaleOf } from '../page/sharing';
import type { ValueScale } from '../page/scale';

const schema = recipeSchema('matrices', {
  source: sourceSchema,
  colours: z.enum(COLOUR_SCALE_NAMES),
  transform: z.enum(VALUE_TRANSFORMS),
  /** Where the colours end: a share of the magnitudes, or numbers; nothing is clipped where left out. */
  limits: colourLimits.optional(),
  /** Magnitudes instead of signed weights. */
  magnitude: z.boolean().optional(),
  /** A part of the matrices alone: its first row and column, and how many of them. */
  region: regionSchema.optional(),
});
type MatricesRecipe = z.infer<typeof schema>;

export const matrices = figureKind(schema)({
  kind: 'matrices',
  title: 'FC3 before, added, after',
  says: 'the three matrices of one block on one scale',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({ ...head, kind: 'matrices', source, colours: 'blue-orange', transform: 'symlog' }),
  form: ({ colours, transform }) => [
    {
      field: 'colours',
      widget: 'choice',
      label: 'Colours',
      value: colours,
      options: COLOUR_SCALE_NAMES.map((name) => [name, colourScale(name).label]),
    },
    {
      field: 'transform',
      widget: 'choice',
      label: 'Values',
      value: transform,
      options: VALUE_TRANSFORMS.map((name) => [name, valueTransform(name).label]),
    },
  ],
  read: async ({ source }, sources) => (await blockOf(source, sources)).matrices,
  draw: drawMatrices,
});

const PANELS = [
  ['before', 'FC3 before merging'],
  ['added', 'added by the conv branches'],
  ['after', 'FC3 after merging'],
] as const;
type PanelKey = (typeof PANELS)[number][0];

/** A panel is at most this many times taller than wide, or wider than tall. */
const MAX_ASPECT = 2;

/** Draws the three matrices of a block. Throws RangeError where one holds NaN or infinity. */
function drawMatrices(recipe: MatricesRecipe, whole: BlockMatrices): DisplayList {
  const page = pageOf(recipe.layout);
  // The scale is that of the whole matrices: a part has the colours it has among them.
  const { transform, colours, limits, magnitude } = recipe;
  const arrays = [whole.before, whole.added, whole.after];
  const scale = scaleOf(page, { quantity: 'weights', arrays, colours, transform, view: { limits, magnitude } });
  const matrices = regionOf(whole, recipe.region);
  const title = titleBlock(page, recipe.layout.title);
  const panels = panelRow(page, title.bottom + 2, matrices, scale, recipe);
  const bar = colourBar(page, panels.bottom + page.size * 0.6, scale, recipe.colours);
  const rule = note(
    page,
    bar.bottom + 2,
    `Colour: ${scale.rule}; one scale for all three. ${sizeText(matrices)}${regionText(recipe.region, whole)}`,
  );
  const about = { title: recipe.layout.title ?? `FC3 of ${matrices.path}`, description: description(matrices) };
  return assemble(page, about, [title, panels, bar, rule]);
}

/** A part of the matrices. Throws UserError where they have no such part. */
function regionOf(matrices: BlockMatrices, region: MatricesRecipe['region']): BlockMatrices {
  if (region === undefined) return matrices;
  const { row, column, rows, columns } = region;
  if (row + rows > matrices.rows || column + columns > matrices.columns)
    throw new UserError(
      `"region": rows ${row} to ${row + rows - 1} and columns ${column} to ${column + columns - 1} are not all in a matrix of ${matrices.rows} x ${matrices.columns}`,
    );
  const part = (data: Float32Array): Float32Array => {
    const cut = new Float32Array(rows * columns);
    for (let i = 0; i < rows; i++)
      cut.set(data.subarray((row + i) * matrices.columns + column, (row + i) * matrices.columns + column + columns), i * columns);
    return cut;
  };
  return { ...matrices, rows, columns, before: part(matrices.before), added: part(matrices.added), after: part(matrices.after) };
}

function regionText(region: MatricesRecipe['region'], whole: BlockMatrices): string {
  if (region === undefined) return '';
  const { row, column, rows, columns } = region;
  return ` Shown: rows ${row} to ${row + rows - 1}, columns ${column} to ${column + columns - 1} of ${whole.rows} x ${whole.columns}.`;
}

function panelRow(page: Page, top: number, matrices: BlockMatrices, scale: ValueScale, recipe: MatricesRecipe): Placed {
  const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, matrices.rows / matrices.columns));
  const rowText = `output (o, i, j): ${matrices.rows} rows`;
  // The strip of the row label takes from the panels' width, and so from the height that the label has.
  const guess = page.scale * ((page.right - page.left - 2 * page.size) / 3 - page.small * 3) * aspect;
  const strip = turnedWidth(rowText, page.small, guess);
  const columns = panelColumns(page, strip);
  const headings = PANELS.map(([, text], i) =>
    paragraph(columns[i].x, top, `${panelLetter(page, i)}${text}`, page.size, columns[i].width, { bold: true }),
  );
  const over = largestOf(headings.map(({ bottom }) => bottom));
  const sizes = PANELS.map(([key], i) => sizeOf(page, columns[i], over, matrices[key]));
  const y = largestOf(sizes.map(({ bottom }) => bottom));
  const height = columns[0].width * aspect;
  const panels = PANELS.map(([key], i) => panel(page, { ...columns[i], y, height }, matrices, key, scale, recipe));
  const marks = [headings, sizes, panels].flatMap((row) => row.flatMap((placed) => placed.marks));
  const rowLabel = turnedParagraph(page.left, y + height / 2, rowText, page.small, height);
  return { marks: [...marks, ...rowLabel], bottom: largestOf(panels.map(({ bottom }) => bottom)) };
}

/** Left edge and width of the three panels, beside the strip of the row label. */
function panelColumns(page: Page, strip: number): { x: number; width: number }[] {
  const gap = page.size;
  const width = (page.scale * (page.right - page.left - strip - 2 * gap)) / 3;
  return PANELS.map((_, i) => ({ x: page.left + strip + i * (width + gap), width }));
}

/** The largest weight of a panel, above it. */
function sizeOf(page: Page, { x, width }: { x: number; width: number }, top: number, data: Float32Array): Placed {
  return paragraph(x, top, `largest |w| = ${figureNumber(largestMagnitude(data))}`, page.small, width, { fill: FAINT_INK });
}

function panel(page: Page, box: Box, matrices: BlockMatrices, key: PanelKey, scale: ValueScale, recipe: MatricesRecipe): Placed {
  const { rows, columns } = matrices;
  const text = `input (c, a, b): ${columns} columns`;
  const under = paragraph(box.x + box.width / 2, box.y + box.height + page.small * 0.2, text, page.small, box.width, {
    fill: FAINT_INK,
    anchor: 'middle',
  });
  const map = heatMap({ name: key, rows, columns, data: matrices[key] }, box, scale, recipe.colours);
  return { marks: [...map, ...under.marks], bottom: under.bottom };
}

function sizeText(matrices: BlockMatrices): string {
  const ratio = matrices.rows / matrices.columns;
  const stretched = ratio > MAX_ASPECT || ratio < 1 / MAX_ASPECT ? ' Cells are not square.' : '';
  return `Each matrix is ${matrices.rows} x ${matrices.columns}; ${poolingRule(matrices)}.${stretched}`;
}

function description(matrices: BlockMatrices): string {
  const sizes = PANELS.map(([key, text]) => {
    const data = matrices[key];
    const { squares, zeros } = data.reduce((sum, w) => ({ squares: sum.squares + w * w, zeros: sum.zeros + (w === 0 ? 1 : 0) }), NOTHING);
    const [rms, share] = [Math.sqrt(squares / data.length), zeros / data.length];
    return `${text}: largest |w| ${figureNumber(largestMagnitude(data))}, root mean square ${figureNumber(rms)}, ${percent(share)} of the weights zero`;
  });
  return `The FC3 matrix of block ${matrices.path}, ${matrices.rows} x ${matrices.columns}, as three heat maps on one scale. ${sizes.join('; ')}.`;
}

const NOTHING = { squares: 0, zeros: 0 };
