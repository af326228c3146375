// The sheet of matrices as they are shown: each a picture in the layout asked for, or two in one picture with a line between.
import { largestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import { arranged, type Arranged, type Region } from '../../matrix/arranged';
import { pictureSize, type Axis, type Layout } from '../../matrix/layout';
import { layoutOf } from '../../matrix/named-layouts';
import { largestMagnitude } from '../../matrix/statistics';
import { FAINT_INK, INK, line, outlined, RULE, type DisplayList, type Mark } from '../page/display-list';
import type { Box } from '../page/heat-map';
import {
  assemble,
  figureNumber,
  note,
  pageOf,
  panelLetter,
  paragraph,
  titleBlock,
  turnedParagraph,
  turnedWidth,
  type Page,
  type Placed,
} from '../page/layout';
import { colourBar } from '../page/legend';
import type { ValueScale } from '../page/scale';
import { scaleOf } from '../page/sharing';
import { cellsMark, clipKey } from './matrix-view-cells';
import type { MatrixView, MatrixViewRecipe, ShownMatrix } from './matrix-view-recipe';

/** A picture is at most this many times taller than wide, or wider than tall. */
const MAX_ASPECT = 2;
/** Most cells along a side: 600 over 50 mm are about 300 per inch. */
const MOST_CELLS = 600;
/** A picture with the part of the matrix that it takes, by columns of the picture; a split view has two in one box. */
interface Drawn {
  readonly parts: readonly { readonly matrix: ShownMatrix; readonly picture: Arranged }[];
  readonly heading: string;
  readonly scale: ValueScale;
}

/** Draws a view. Throws UserError for a matrix, part or cell that is not there; RangeError for NaN or infinity. */
export function drawMatrixView(recipe: MatrixViewRecipe, view: MatrixView): DisplayList {
  const page = pageOf(recipe.layout);
  const layout = layoutOf(recipe.arrangement, view.geometry);
  const shown = shownOf(recipe, view);
  const drawn = drawnOf(recipe, view, layout, shown);
  const title = titleBlock(page, recipe.layout.title);
  const row = pictureRow(page, title.bottom + 2, recipe, view, layout, drawn);
  const bar =
    recipe.scales === 'each' && drawn.length > 1
      ? { marks: [], bottom: row.bottom }
      : colourBar(page, row.bottom + page.size * 0.6, drawn[0].scale, recipe.colours);
  const key = clipKey(page, bar.bottom, recipe);
  const text = captionOf(recipe, view, layout, drawn);
  const sizes = shown.map(({ heading, data }) => `${heading}: largest |w| ${figureNumber(largestMagnitude(data))}`);
  const description = `${view.title} as heat maps, ${view.rows} x ${view.columns}. ${sizes.join('; ')}. ${text}`;
  return assemble(page, { title: recipe.layout.title ?? view.title, description }, [
    title,
    row,
    bar,
    key,
    note(page, key.bottom + 2, text),
  ]);
}

/** The matrices asked for. Throws UserError naming those there are. */
function shownOf({ panes, splitAt }: MatrixViewRecipe, { matrices, title }: MatrixView): readonly ShownMatrix[] {
  const missing = panes?.find((name) => matrices.every(({ pane }) => pane !== name));
  if (missing !== undefined)
    throw new UserError(`"panes": ${title} has no matrix "${missing}"; it has ${matrices.map(({ pane }) => `"${pane}"`).join(', ')}`);
  const shown = panes === undefined ? matrices : matrices.filter(({ pane }) => panes.includes(pane));
  if (splitAt !== undefined && shown.length < 2) throw new UserError(`"splitAt": a split picture is of two matrices, and ${title} has one`);
  return shown;
}

function drawnOf(recipe: MatrixViewRecipe, view: MatrixView, layout: Layout, shown: readonly ShownMatrix[]): Drawn[] {
  const { colours, transform, limits, magnitude, markClipped, splitAt, scales = 'one' } = recipe;
  const scaleFor = (matrices: readonly ShownMatrix[]): ValueScale =>
    scaleOf(recipe, {
      quantity: 'weights',
      colours,
      transform,
      arrays: matrices.map(({ data }) => data),
      view: { limits, magnitude, markClipped },
    });
  const region = regionOf(recipe, view, layout);
  const pictureOf = ({ data }: ShownMatrix, part: Region): Arranged =>
    arranged({ rows: view.rows, columns: view.columns, data }, layout, { region: part, rule: recipe.rule, most: MOST_CELLS });
  // One scale is that of all matrices there are, whichever are drawn.
  const common = scales === 'each' ? null : scaleFor(view.matrices);
  if (splitAt === undefined)
    return shown.map((matrix) => ({
      parts: [{ matrix, picture: pictureOf(matrix, region) }],
      heading: matrix.heading,
      scale: common ?? scaleFor([matrix]),
    }));
  const [first, last] = [shown[0], shown[shown.length - 1]];
  const left = Math.min(region.columns, Math.max(0, Math.round(splitAt * region.columns)));
  const parts = [
    { matrix: first, part: { ...region, columns: left } },
    { matrix: last, part: { ...region, column: region.column + left, columns: region.columns - left } },
  ].filter(({ part }) => part.columns > 0);
  return [
    {
      parts: parts.map(({ matrix, part }) => ({ matrix, picture: pictureOf(matrix, part) })),
      heading: `${first.heading} | ${last.heading}`,
      scale: common ?? scaleFor([first, last]),
    },
  ];
}

/** The part asked for, or all. Throws UserError where the picture has no such part, or no such cell is in it. */
function regionOf({ region, marked }: MatrixViewRecipe, { rows, columns }: MatrixView, layout: Layout): Region {
  const whole = pictureSize(layout, rows, columns);
  const part = region ?? { row: 0, column: 0, ...whole };
  const size = `a picture of ${whole.rows} x ${whole.columns}`;
  if (part.row + part.rows > whole.rows || part.column + part.columns > whole.columns)
    throw new UserError(
      `"region": rows ${part.row} to ${part.row + part.rows - 1} and columns ${part.column} to ${part.column + part.columns - 1} are not all in ${size}`,
    );
  if (marked !== undefined && (marked.row >= whole.rows || marked.column >= whole.columns))
    throw new UserError(`"marked": row ${marked.row}, column ${marked.column} is not in ${size}`);
  return part;
}

function pictureRow(page: Page, top: number, recipe: MatrixViewRecipe, view: MatrixView, layout: Layout, drawn: readonly Drawn[]): Placed {
  const region = regionOf(recipe, view, layout);
  const aspect = Math.min(MAX_ASPECT, Math.max(1 / MAX_ASPECT, region.rows / region.columns));
  const [rowText, columnText] = axisTexts(view, layout, region);
  const gap = page.size * 1.2;
  const widthBeside = (strip: number): number => {
    const wide = (page.right - page.left - strip - gap * (drawn.length - 1)) / drawn.length;
    // A single tall picture is no taller than the page is wide.
    return page.scale * (drawn.length === 1 ? Math.min(wide, wide / aspect) : wide);
  };
  const strip = turnedWidth(rowText, page.small, widthBeside(page.small * 3) * aspect);
  const width = widthBeside(strip);
  const left = (i: number): number => page.left + strip + i * (width + gap);
  const headings = drawn.map(({ heading }, i) =>
    paragraph(left(i), top, `${panelLetter(page, i)}${heading}`, page.size, width, { bold: true }),
  );
  const y = largestOf(headings.map(({ bottom }) => bottom)) + 1;
  const panels = drawn.map((one, i) =>
    panel(page, { x: left(i), y, width, height: width * aspect }, one, recipe, view, region, columnText),
  );
  const label = turnedParagraph(page.left, y + (width * aspect) / 2, rowText, page.small, width * aspect);
  const marks = [...headings, ...panels].flatMap((placed) => placed.marks);
  return { marks: [...marks, ...label], bottom: largestOf(panels.map(({ bottom }) => bottom)) };
}

function panel(
  page: Page,
  box: Box,
  { parts, scale }: Drawn,
  recipe: MatrixViewRecipe,
  view: MatrixView,
  region: Region,
  columnText: string,
): Placed {
  let x = box.x;
  const cells = parts.flatMap(({ matrix, picture }, i): Mark[] => {
    const width = (box.width * picture.region.columns) / region.columns;
    const values = { rows: view.rows, columns: view.columns, data: matrix.data };
    const mark = cellsMark(values, matrix.heading, picture, { ...box, x, width }, scale, recipe);
    const between = line(
      [
        [x, box.y],
        [x, box.y + box.height],
      ],
      INK,
      0.8,
    );
    x += width;
    return i === 0 ? [mark] : [mark, between];
  });
  const frame = outlined(box.x, box.y, box.width, box.height, RULE, 0.5);
  const middle = box.x + box.width / 2;
  const under = paragraph(middle, box.y + box.height + page.small * 0.2, columnText, page.small, box.width, {
    fill: FAINT_INK,
    anchor: 'middle',
  });
  const marked = recipe.marked === undefined ? [] : markedCell(box, region, recipe.marked);
  const own = { ...page, left: box.x, right: box.x + box.width };
  const bar = recipe.scales === 'each' ? colourBar(own, under.bottom + 2, scale, recipe.colours) : { marks: [], bottom: under.bottom };
  return { marks: [...cells, frame, ...marked, ...under.marks, ...bar.marks], bottom: bar.bottom };
}

/** Least side of a mark that is seen, points. */
const LEAST_MARK = 4;

function markedCell(box: Box, region: Region, { row, column }: { readonly row: number; readonly column: number }): Mark[] {
  if (row < region.row || column < region.column || row >= region.row + region.rows || column >= region.column + region.columns) return [];
  const [width, height] = [box.width / region.columns, box.height / region.rows];
  const [x, y] = [box.x + (column - region.column + 0.5) * width, box.y + (row - region.row + 0.5) * height];
  const [across, down] = [Math.max(LEAST_MARK, width), Math.max(LEAST_MARK, height)];
  const clamp = (at: number, from: number, length: number, side: number): number =>
    Math.min(from + length - side, Math.max(from, at - side / 2));
  return [outlined(clamp(x, box.x, box.width, across), clamp(y, box.y, box.height, down), across, down, INK, 0.9)];
}

const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  o: 'output channel o',
  i: 'output row i',
  j: 'output column j',
  c: 'input channel c',
  a: 'input row a',
  b: 'input column b',
};

/** What rows and columns of the picture are. */
function axisTexts({ geometry }: MatrixView, layout: Layout, { rows, columns }: Region): [rows: string, columns: string] {
  const count = (n: number, what: string): string => `${n} ${n === 1 ? what : `${what}s`}`;
  if (geometry === null) return [count(rows, 'row'), count(columns, 'column')];
  if (layout.kind === 'axes') {
    const names = (axes: readonly Axis[]): string => axes.map((axis) => AXIS_NAMES[axis]).join(', ');
    return [`${names(layout.rows)}: ${count(rows, 'row')}`, `${names(layout.columns)}: ${count(columns, 'column')}`];
  }
  const input = { stored: 'input (c, a, b)', blockDiagonal: 'input (group, c, a, b)', offsets: 'offset (c, a − i, b − j)' }[layout.kind];
  return [`output (o, i, j): ${count(rows, 'row')}`, `${input}: ${count(columns, 'column')}`];
}

const RULES = {
  maxMagnitude: 'the weight of largest magnitude',
  mean: 'the mean',
  min: 'the smallest weight',
  max: 'the largest weight',
} as const;

function captionOf(recipe: MatrixViewRecipe, view: MatrixView, layout: Layout, drawn: readonly Drawn[]): string {
  const { pool, region, whole } = drawn[0].parts[0].picture;
  const isPooled = pool.rows > 1 || pool.columns > 1;
  const pooling = isPooled
    ? `each cell shows ${RULES[recipe.rule ?? 'maxMagnitude']} among ${pool.rows} x ${pool.columns}`
    : 'every weight is drawn';
  const part = recipe.region;
  const shown =
    part === undefined
      ? ''
      : ` Shown: rows ${part.row} to ${part.row + part.rows - 1}, columns ${part.column} to ${part.column + part.columns - 1} of ${whole.rows} x ${whole.columns}.`;
  const hasVoid = layout.kind === 'blockDiagonal' || layout.kind === 'offsets';
  const scales = drawn.map(({ heading, scale }) => `${heading}: ${scale.rule}`);
  const ratio = (part ?? whole).rows / (part ?? whole).columns;
  return [
    ...view.said,
    recipe.scales === 'each' && drawn.length > 1
      ? `Colour, a scale for each: ${scales.join('; ')}.`
      : `Colour: ${drawn[0].scale.rule}${view.matrices.length > 1 ? '; one scale for all matrices' : ''}.`,
    `${view.matrices.length > 1 ? 'Each matrix' : 'The matrix'} is ${view.rows} x ${view.columns}; ${pooling}.${shown}`,
    ...(hasVoid ? ['Grey: no weight stands there.'] : []),
    ...(recipe.splitAt === undefined
      ? []
      : [`Left of the line: ${drawn[0].parts[0].matrix.heading}; right of it: ${drawn[0].parts.at(-1)?.matrix.heading}.`]),
    ...(recipe.marked === undefined ? [] : [`Marked: row ${recipe.marked.row}, column ${recipe.marked.column} of the picture.`]),
    ...(ratio > MAX_ASPECT || ratio < 1 / MAX_ASPECT || region.rows === 0 ? ['Cells are not square.'] : []),
  ].join(' ');
}
