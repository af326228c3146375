// Matrices as the explorer shows them: of a block, of any weight of a file (a kernel as the matrix it is on a map, too), or of two
// sets of weights with their difference; side by side, split or one alone; in any layout, whole or in part, with a cell marked.
import { COLOUR_SCALE_NAMES, colourScale } from '../../colour/scales';
import { VALUE_TRANSFORMS, valueTransform } from '../../colour/transform';
import { UserError } from '../../base/user-error';
import { geometryOf } from '../../matrix/geometry';
import { LAYOUT_NAMES } from '../../matrix/named-layouts';
import { MAP_ASSUMPTION } from '../../merge/kernel-matrix';
import { shapeText } from '../../tensor/tensor';
import { blockOf } from '../block-of';
import { figureKind, type FigureSources, type FormField } from '../kind';
import type { FigureSource } from '../recipe';
import { PANES, schema, type MatrixView, type MatrixViewRecipe, type ShownMatrix } from './matrix-view-recipe';
import { drawMatrixView } from './matrix-view-sheet';

const ARRANGEMENTS = {
  stored: 'as stored',
  blockDiagonal: 'all groups',
  gridOfGrids: 'map of maps',
  byPosition: 'by position',
  offsets: 'by offset',
} as const;

export const matrixView = figureKind(schema)({
  kind: 'matrix-view',
  title: 'Matrices as shown',
  says: 'any weight, layout, part or comparison of the matrices stage',
  about: 'block',
  isOfBlock: true,
  start: (head, { source }) => ({
    ...head,
    kind: 'matrix-view',
    source,
    arrangement: 'stored',
    colours: 'blue-orange',
    transform: 'symlog',
  }),
  form: formOf,
  read: async ({ source, weight, against }, sources): Promise<MatrixView> => {
    if (against !== undefined) return comparedView(source, against, weight, sources);
    return weight === undefined ? blockView(source, sources) : weightView(source, weight, sources);
  },
  draw: drawMatrixView,
});

function formOf({ arrangement, colours, transform, scales = 'one' }: MatrixViewRecipe) {
  const fields: (FormField & { readonly field: keyof MatrixViewRecipe & string })[] = [
    {
      field: 'arrangement',
      widget: 'choice',
      label: 'Layout',
      value: arrangement,
      options: LAYOUT_NAMES.map((name) => [name, ARRANGEMENTS[name]] as const),
    },
    {
      field: 'colours',
      widget: 'choice',
      label: 'Colours',
      value: colours,
      options: COLOUR_SCALE_NAMES.map((name) => [name, colourScale(name).label] as const),
    },
    {
      field: 'transform',
      widget: 'choice',
      label: 'Values',
      value: transform,
      options: VALUE_TRANSFORMS.map((name) => [name, valueTransform(name).label] as const),
    },
    {
      field: 'scales',
      widget: 'choice',
      label: 'Colour scales',
      value: scales,
      options: [
        ['one', 'one for all'],
        ['each', 'each its own'],
      ],
    },
  ];
  return fields;
}

type AskedWeight = NonNullable<MatrixViewRecipe['weight']>;

async function blockView(source: FigureSource, sources: FigureSources): Promise<MatrixView> {
  const { path, block, matrices } = await blockOf(source, sources);
  const { rows, columns } = matrices;
  const heading = { before: 'FC3 before merging', added: 'added by the conv branches', after: 'FC3 after merging' };
  const shown = PANES.map((pane): ShownMatrix => ({ pane, heading: heading[pane], data: matrices[pane] }));
  return { title: `FC3 of ${path || 'the block'}`, said: [], rows, columns, geometry: geometryOf(block), matrices: shown };
}

async function weightView(source: FigureSource, asked: AskedWeight, sources: FigureSources): Promise<MatrixView> {
  const { dtype, shape, rows, columns, geometry, data } = await sources.weight(source, asked);
  const once = asked.merged ? ', once its group is merged' : '';
  const on = geometry
    ? ` as the matrix it is on a map of ${geometry.h}x${geometry.w} (assumed: ${MAP_ASSUMPTION})`
    : shape.length === 4
      ? `, read as ${rows} x ${columns}`
      : '';
  const said = [`${asked.name}${once}: ${dtype} ${shapeText(shape)}${on}.`];
  return { title: asked.name, said, rows, columns, geometry, matrices: [{ pane: 'after', heading: asked.name, data }] };
}

/** A, B - A and B. Throws UserError where they are not of one size. */
async function comparedView(
  source: FigureSource,
  against: FigureSource,
  weight: AskedWeight | undefined,
  sources: FigureSources,
): Promise<MatrixView> {
  const side = async (of: FigureSource): Promise<MatrixView & { readonly data: Float32Array }> => {
    const view = weight === undefined ? await blockView(of, sources) : await weightView(of, weight, sources);
    return { ...view, data: view.matrices[view.matrices.length - 1].data };
  };
  // A block of the same path where the other source names none.
  const [a, b] = [await side(source), await side({ ...against, layer: against.layer ?? source.layer })];
  const size = ({ rows, columns }: MatrixView): string => `${rows} x ${columns}`;
  if (a.rows !== b.rows || a.columns !== b.columns)
    throw new UserError(
      `matrices of one size are compared: ${a.title} is ${size(a)}, ${b.title} is ${size(b)}; choose another one to compare with`,
    );
  const nameOf = (of: FigureSource, { title }: MatrixView): string => `${of.path.split(/[\\/]/).at(-1)}, ${title}`;
  const merged = weight === undefined ? ', merged' : '';
  const difference = b.data.map((value, i) => value - a.data[i]);
  return {
    title: `${nameOf(source, a)} against ${nameOf(against, b)}`,
    said: [`A: ${nameOf(source, a)}${merged}. B: ${nameOf(against, b)}${merged}.`, ...a.said],
    rows: a.rows,
    columns: a.columns,
    geometry: a.geometry,
    matrices: [
      { pane: 'before', heading: 'A', data: a.data },
      { pane: 'added', heading: 'B − A', data: difference },
      { pane: 'after', heading: 'B', data: b.data },
    ],
  };
}
