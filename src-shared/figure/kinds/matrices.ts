// FC3 of one block as pictures side by side: before (FC3 with its BN folded in), what the conv branches
// add, and the merged result, all three on one zero-centred scale.
import { largestOf } from '../../base/extremes';
import { z } from 'zod';
import { COLOUR_SCALE_NAMES, colourScale } from '../../colour/scales';
import { VALUE_TRANSFORMS, valueTransform } from '../../colour/transform';
import { largestMagnitude } from '../../matrix/statistics';
import type { BlockMatrices } from '../../merge/report';
import { blockOf } from '../block-of';
import { figureKind } from '../kind';
import { FAINT_INK, textAt, type DisplayList, type Mark } from '../page/display-list';
import { fitText } from '../page/font-metrics';
import { heatMap, poolingRule, type Box } from '../page/heat-map';
import { assemble, figureNumber, note, pageOf, paragraph, titleBlock, type Page, type Placed } from '../page/layout';
import { colourBar } from '../page/legend';
import { recipeSchema, sourceSchema } from '../recipe';
import { valueScale, type ValueScale } from '../page/value-scale';

const schema = recipeSchema('matrices', {
  source: sourceSchema,
  colours: z.enum(COLOUR_SCALE_NAMES),
  transform: z.enum(VALUE_TRANSFORMS),
});
type MatricesRecipe = z.infer<typeof schema>;

export const matrices = figureKind(schema)({
  kind: 'matrices',
  title: 'FC3 before, added, after',
  says: 'the three matrices of one block on one scale',
  about: 'block',
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
function drawMatrices(recipe: MatricesRecipe, matrices: BlockMatrices): DisplayList {
  const page = pageOf(recipe.layout);
  const scale = valueScale([matrices.before, matrices.added, matrices.after], recipe.transform);
  const title = titleBlock(page, recipe.layout.title);
  const panels = panelRow(page, title.bottom + 2, matrices, scale, recipe);
  const bar = colourBar(page, panels.bottom + page.size * 0.6, scale, recipe.colours);
  const rule = note(page, bar.bottom + 2, `Colour: ${scale.rule}; one scale for all three. ${sizeText(matrices)}`);
  return assemble(page, recipe.layout.title ?? `FC3 of ${matrices.path}`, description(matrices), [title, panels, bar, rule]);
}

function panelRow(page: Page, top: number, matrices: BlockMatrices, scale: ValueScale, recipe: MatricesRecipe): Placed {
  const columns = panelColumns(page);
  const headings = PANELS.map(([, text], i) => paragraph(columns[i].x, top, text, page.size, columns[i].width, { bold: true }));
  const y = largestOf(headings.map((heading) => heading.bottom)) + page.small * 1.2;
  const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, matrices.rows / matrices.columns));
  const panels = PANELS.flatMap(([key], i) => {
    const box = { ...columns[i], y, height: columns[i].width * aspect };
    return panel(page, box, matrices, key, scale, recipe);
  });
  const height = columns[0].width * aspect;
  const label = fitText(`output (o, i, j): ${matrices.rows} rows`, page.small, height);
  const rowLabel = textAt(page.left + page.small, y + height / 2, label, page.small, { anchor: 'middle', turned: true, fill: FAINT_INK });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...panels, rowLabel], bottom: y + height + page.small * 1.6 };
}

/** Left edge and width of the three panels, beside the strip of the row label. */
function panelColumns(page: Page): { x: number; width: number }[] {
  const strip = page.small * 1.6;
  const gap = page.size;
  const width = (page.right - page.left - strip - 2 * gap) / 3;
  return PANELS.map((_, i) => ({ x: page.left + strip + i * (width + gap), width }));
}

function panel(page: Page, box: Box, matrices: BlockMatrices, key: PanelKey, scale: ValueScale, recipe: MatricesRecipe): Mark[] {
  const data = matrices[key];
  const faint = { fill: FAINT_INK };
  const largest = fitText(`largest |w| = ${figureNumber(largestMagnitude(data))}`, page.small, box.width);
  const columns = fitText(`input (c, a, b): ${matrices.columns} columns`, page.small, box.width);
  return [
    textAt(box.x, box.y - page.small * 0.4, largest, page.small, faint),
    ...heatMap({ rows: matrices.rows, columns: matrices.columns, data }, box, scale, recipe.colours),
    textAt(box.x + box.width / 2, box.y + box.height + page.small * 1.2, columns, page.small, { ...faint, anchor: 'middle' }),
  ];
}

function sizeText(matrices: BlockMatrices): string {
  const ratio = matrices.rows / matrices.columns;
  const stretched = ratio > MAX_ASPECT || ratio < 1 / MAX_ASPECT ? ' Cells are not square.' : '';
  return `Each matrix is ${matrices.rows} x ${matrices.columns}; ${poolingRule(matrices)}.${stretched}`;
}

function description(matrices: BlockMatrices): string {
  const sizes = PANELS.map(([key, text]) => `${text}: largest |w| ${figureNumber(largestMagnitude(matrices[key]))}`);
  return `The FC3 matrix of block ${matrices.path}, ${matrices.rows} x ${matrices.columns}, as three heat maps on one scale. ${sizes.join('; ')}.`;
}
