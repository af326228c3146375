// The six axes of an FC3 matrix: rows run over (output channel or share-set o, y i, x j), columns over
// (input channel of the group c, y a, x b), in this order. A layout says which axes make the picture's
// rows and columns. Source: FC3 weight (O*h*w, C*h*w/g), section 3 of arXiv 2105.01883.

/** Shape and words of one FC3 matrix. For RepMLPNet (arXiv 2112.11081) outputs = groups = S and inputs = 1. */
export interface MatrixGeometry {
  readonly family: 'repmlp' | 'repmlpNet';
  /** O, or the number of share-sets S. */
  readonly outputs: number;
  /** C/g: input channels each group sees; 1 for RepMLPNet. */
  readonly inputs: number;
  readonly groups: number;
  readonly h: number;
  readonly w: number;
  /** Odd sizes K of the conv branches. */
  readonly kernels: readonly number[];
}

export type Axis = 'o' | 'i' | 'j' | 'c' | 'a' | 'b';

/** How the stored matrix is laid out as a picture. */
export type Layout =
  | { readonly kind: 'stored' }
  /** The grouped matrix as the full one: zeros outside the groups' blocks. */
  | { readonly kind: 'blockDiagonal'; readonly groups: number }
  /** Any split of the six axes into rows and columns, outermost first. */
  | { readonly kind: 'axes'; readonly geometry: MatrixGeometry; readonly rows: readonly Axis[]; readonly columns: readonly Axis[] }
  /** Columns are offsets (c, a - i, b - j): a convolution becomes vertical stripes; missing positions are void. */
  | { readonly kind: 'offsets'; readonly geometry: MatrixGeometry };

/** A cell of the stored matrix by its meaning; `g` is the group of o. */
export interface CellMeaning {
  readonly g: number;
  readonly o: number;
  readonly i: number;
  readonly j: number;
  readonly c: number;
  readonly a: number;
  readonly b: number;
}

export function rowsOf(geometry: MatrixGeometry): number {
  return geometry.outputs * geometry.h * geometry.w;
}

export function columnsOf(geometry: MatrixGeometry): number {
  return geometry.inputs * geometry.h * geometry.w;
}

/** Number of values an axis runs over. */
export function axisLength(geometry: MatrixGeometry, axis: Axis): number {
  return { o: geometry.outputs, i: geometry.h, j: geometry.w, c: geometry.inputs, a: geometry.h, b: geometry.w }[axis];
}

/** Distance in the stored array between neighbours along an axis. */
export function axisStride(geometry: MatrixGeometry, axis: Axis): number {
  const { h, w } = geometry;
  const row = columnsOf(geometry);
  return { o: h * w * row, i: w * row, j: row, c: h * w, a: w, b: 1 }[axis];
}

/** Meaning of a cell of the stored matrix. */
export function meaningOf(geometry: MatrixGeometry, row: number, column: number): CellMeaning {
  const { h, w, outputs, groups } = geometry;
  const o = Math.floor(row / (h * w));
  return {
    g: Math.floor(o / (outputs / groups)),
    o,
    i: Math.floor(row / w) % h,
    j: row % w,
    c: Math.floor(column / (h * w)),
    a: Math.floor(column / w) % h,
    b: column % w,
  };
}

/** Stored row and column of a meaning; the inverse of meaningOf. */
export function cellOf(geometry: MatrixGeometry, { o, i, j, c, a, b }: Omit<CellMeaning, 'g'>): { row: number; column: number } {
  const { h, w } = geometry;
  return { row: (o * h + i) * w + j, column: (c * h + a) * w + b };
}

/** Rows and columns of the picture a layout makes of a stored rows x columns matrix. */
export function pictureSize(layout: Layout, rows: number, columns: number): { rows: number; columns: number } {
  if (layout.kind === 'stored') return { rows, columns };
  if (layout.kind === 'blockDiagonal') return { rows, columns: columns * layout.groups };
  const { geometry } = layout;
  if (layout.kind === 'offsets') return { rows, columns: geometry.inputs * (2 * geometry.h - 1) * (2 * geometry.w - 1) };
  const product = (axes: readonly Axis[]): number => axes.reduce((n, axis) => n * axisLength(geometry, axis), 1);
  return { rows: product(layout.rows), columns: product(layout.columns) };
}

/** Stored cell behind a picture's cell; null where the picture has no stored cell (another group, outside the map). */
export function storedCell(
  layout: Layout,
  rows: number,
  columns: number,
  row: number,
  column: number,
): { row: number; column: number } | null {
  if (layout.kind === 'stored') return { row, column };
  if (layout.kind === 'blockDiagonal') {
    const block = Math.floor(row / (rows / layout.groups));
    return Math.floor(column / columns) === block ? { row, column: column % columns } : null;
  }
  if (layout.kind === 'offsets') return offsetCell(layout.geometry, row, column);
  const indices = { ...unravel(layout.geometry, layout.rows, row), ...unravel(layout.geometry, layout.columns, column) };
  return cellOf(layout.geometry, indices as Record<Axis, number>);
}

/** Picture cell of a stored cell; the inverse of storedCell. */
export function pictureCell(layout: Layout, rows: number, columns: number, row: number, column: number): { row: number; column: number } {
  if (layout.kind === 'stored') return { row, column };
  if (layout.kind === 'blockDiagonal') return { row, column: Math.floor(row / (rows / layout.groups)) * columns + column };
  const meaning = meaningOf(layout.geometry, row, column);
  if (layout.kind === 'axes') {
    return { row: ravel(layout.geometry, layout.rows, meaning), column: ravel(layout.geometry, layout.columns, meaning) };
  }
  const { h, w } = layout.geometry;
  const { c, a, i, b, j } = meaning;
  return { row, column: (c * (2 * h - 1) + a - i + h - 1) * (2 * w - 1) + b - j + w - 1 };
}

function offsetCell(geometry: MatrixGeometry, row: number, column: number): { row: number; column: number } | null {
  const { h, w } = geometry;
  const { i, j } = meaningOf(geometry, row, 0);
  const c = Math.floor(column / ((2 * h - 1) * (2 * w - 1)));
  const a = i + (Math.floor(column / (2 * w - 1)) % (2 * h - 1)) - (h - 1);
  const b = j + (column % (2 * w - 1)) - (w - 1);
  if (a < 0 || a >= h || b < 0 || b >= w) return null;
  return { row, column: (c * h + a) * w + b };
}

function unravel(geometry: MatrixGeometry, axes: readonly Axis[], index: number): Partial<Record<Axis, number>> {
  const indices: Partial<Record<Axis, number>> = {};
  for (const axis of [...axes].reverse()) {
    const length = axisLength(geometry, axis);
    indices[axis] = index % length;
    index = Math.floor(index / length);
  }
  return indices;
}

function ravel(geometry: MatrixGeometry, axes: readonly Axis[], meaning: CellMeaning): number {
  return axes.reduce((index, axis) => index * axisLength(geometry, axis) + meaning[axis], 0);
}
