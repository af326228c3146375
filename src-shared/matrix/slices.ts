// Slices of FC3 that are pictures: what an output position reads, where an input position goes, the kernel that the
// branches added and the diagonals of its weights. All as stored indices, row * columns + column.
import { largestOf } from '../base/extremes';
import {
  cellOf,
  columnsOf,
  indexOf,
  type CellIndex,
  type FcShape,
  type InputPosition,
  type MatrixCell,
  type MatrixGeometry,
} from './geometry';

/** The slice of one output position and input channel: the paper's [o, i, j, c, :, :]. */
export type MapChoice = Pick<CellIndex, 'o' | 'i' | 'j' | 'c'>;

/** h x w indices over (a, b): how output (o, i, j) depends on input channel c. */
export function inputMapIndices(shape: FcShape, { o, i, j, c }: MapChoice): Float64Array {
  const { h, w } = shape;
  const first = indexOf(shape, { o, i, j, c, a: 0, b: 0 });
  return Float64Array.from({ length: h * w }, (_, k) => first + k);
}

/** h x w indices over (i, j): where input (c, a, b) goes in output channel o. */
export function fanOutIndices(shape: FcShape, { o, c, a, b }: InputPosition & Pick<CellIndex, 'o'>): Float64Array {
  const { h, w } = shape;
  const first = indexOf(shape, { o, i: 0, j: 0, c, a, b });
  return Float64Array.from({ length: h * w }, (_, k) => first + k * columnsOf(shape));
}

/** K x K indices into the added matrix: the summed kernel between o and c, each weight where it first appears; -1 where it never does. */
export function kernelIndices(shape: FcShape, o: number, c: number, K: number): Float64Array {
  const columns = columnsOf(shape);
  return Float64Array.from({ length: K * K }, (_, k) => {
    const [first] = diagonalOf(shape, o, c, K, Math.floor(k / K), k % K);
    return first ? first.row * columns + first.column : -1;
  });
}

/**
 * The reverse question: stored cells that kernel cell (u, v) of a K x K kernel between output o and input c becomes. They
 * are every (i, j) with a = i + u - p, b = j + v - p inside the map: a diagonal of diagonals.
 */
export function diagonalOf(shape: FcShape, o: number, c: number, K: number, u: number, v: number): MatrixCell[] {
  const { h, w } = shape;
  const p = (K - 1) / 2;
  const cells: MatrixCell[] = [];
  for (let i = Math.max(0, p - u); i < Math.min(h, h + p - u); i++) {
    for (let j = Math.max(0, p - v); j < Math.min(w, w + p - v); j++) {
      cells.push(cellOf(shape, { o, i, j, c, a: i + u - p, b: j + v - p }));
    }
  }
  return cells;
}

/** Largest kernel of the block; 1 when it has none. */
export function largestKernel({ kernels }: Pick<MatrixGeometry, 'kernels'>): number {
  return largestOf(kernels, 1);
}

/** A rectangle of positions of the map. */
export interface PositionWindow {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** The part of a K x K kernel's window around (i, j) that lies inside the h x w map. */
export function windowOf({ h, w }: Pick<FcShape, 'h' | 'w'>, K: number, i: number, j: number): PositionWindow {
  const p = (K - 1) / 2;
  const [row, column] = [Math.max(0, i - p), Math.max(0, j - p)];
  return { row, column, rows: Math.min(h, i + p + 1) - row, columns: Math.min(w, j + p + 1) - column };
}
