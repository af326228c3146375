// From a place in a picture to a cell of FC3: every picture leads to the matrices at the same layer and cell.
import type { WeightsReference } from '@shared/link/studio';
import { cellOf, columnsOf, rowsOf, type FcShape, type MatrixCell } from '@shared/matrix/geometry';
import { goTo } from '../../studio/navigation';
import { chooseWeights, focusBlock, focusTensor } from '../../studio/network/weights';
import { explorer } from './explorer';

/** Closeness at which a linked cell is seen, in pixels per cell. */
const ZOOM = 12;

/** Shows a block's matrices with a cell marked in the middle. */
export function showCell(block: string, shape: FcShape, cell: MatrixCell): void {
  const size = { rows: rowsOf(shape), columns: columnsOf(shape) };
  const camera = { x: cell.column + 0.5, y: cell.row + 0.5, zoom: ZOOM };
  focusBlock(block);
  explorer.setState({
    layout: 'stored',
    pictured: 'stored',
    size,
    camera,
    cursor: cell,
    cursorBy: 'keys',
    pinned: cell,
    lit: null,
    other: null,
  });
  goTo('matrix');
}

/** Shows one weight of the weights in focus as a matrix. */
export function showTensor(tensor: string): void {
  focusTensor(tensor);
  explorer.setState({ other: null });
  goTo('matrix');
}

/** Shows the matrices of some weights. */
export function showMatrices(reference: WeightsReference): void {
  chooseWeights(reference);
  explorer.setState({ other: null });
  goTo('matrix');
}

/** The cell (o, i, j), (c, a, b); places outside the partition are moved to its border. */
export function cellAt(
  shape: FcShape,
  [o, i, j]: readonly [o: number, i: number, j: number],
  [c, a, b]: readonly [c: number, a: number, b: number],
): MatrixCell {
  const { h, w } = shape;
  const inside = (value: number, length: number): number => Math.max(0, Math.min(length - 1, value));
  return cellOf(shape, { o, i: inside(i, h), j: inside(j, w), c, a: inside(a, h), b: inside(b, w) });
}

/** A cell from input channel c with displacement (dy, dx), its output as near the middle of the partition as that allows. */
export function cellOfDisplacement(shape: FcShape, o: number, dy: number, dx: number, c = 0): MatrixCell {
  const middle = (length: number, by: number): number => Math.max(Math.max(0, -by), Math.min(length - 1 - Math.max(0, by), length >> 1));
  const [i, j] = [middle(shape.h, dy), middle(shape.w, dx)];
  return cellAt(shape, [o, i, j], [c, i + dy, j + dx]);
}

/** A cell whose displacement has the rounded length `distance`, to the right where the partition is wide enough, else down, else both. */
export function cellAtDistance(shape: FcShape, o: number, distance: number): MatrixCell {
  const { h, w } = shape;
  for (let dy = 0; dy < h; dy++)
    for (let dx = w - 1; dx >= 0; dx--) if (Math.round(Math.hypot(dy, dx)) === distance) return cellOfDisplacement(shape, o, dy, dx);
  return cellOfDisplacement(shape, o, h - 1, w - 1);
}
