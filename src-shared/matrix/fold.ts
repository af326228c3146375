// The fold: FC3 is a tensor of six axes (O, h, w, C, h, w), here boards of small maps, one map for each output position; the board of
// the next input channel stands above and behind, that of the next output channel beside. Unrolled, the maps of an output are a row.
// Pure places in space, in cells.
// Invariant: at 0 and at 1 no two cells share a place; at 1 a cell stands at its column and row of the matrix.
import { cellOf, columnsOf, rowsOf, type CellIndex, type FcShape } from './geometry';

/** A point: x to the right, y up, z towards the viewer. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** Cells between two maps of the board, and between two boards. */
const GAP = 1;
const BOARD_GAP = 5;
/** How far the board of the next input channel is behind. */
const DEPTH = 14;
/** How much of the way is given to rows waiting for those before them. */
const STAGGER = 0.6;
/** How high rows fly, in parts of the matrix. */
const FLIGHT = 0.22;

/** Place of a cell when the tensor is folded (0), unrolled into the matrix (1), or on the way; the middle is the origin. */
export function foldedPlace(shape: FcShape, cell: CellIndex, unfolded: number): Point {
  const { row } = cellOf(shape, cell);
  const own = rowProgress(unfolded, row, rowsOf(shape));
  const [from, to] = [boardPlace(shape, cell), matrixPlace(shape, cell)];
  const mix = (a: number, b: number): number => a + (b - a) * own;
  const lift = Math.sin(Math.PI * own) * FLIGHT * columnsOf(shape);
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), z: mix(from.z, to.z) + lift };
}

/** How far row `row` of `rows` is when the whole is at `unfolded`: the first rows go first, and all arrive. */
export function rowProgress(unfolded: number, row: number, rows: number): number {
  const start = rows > 1 ? (STAGGER * row) / (rows - 1) : 0;
  const linear = Math.max(0, Math.min(1, (unfolded - start) / (1 - STAGGER)));
  return linear * linear * (3 - 2 * linear);
}

/** Size of the board of one output channel, in cells. */
export function boardSize({ h, w }: Pick<FcShape, 'h' | 'w'>): { readonly width: number; readonly height: number } {
  return { width: w * (w + GAP) - GAP, height: h * (h + GAP) - GAP };
}

function boardPlace(shape: FcShape, { o, i, j, c, a, b }: CellIndex): Point {
  const { h, w, channels } = shape;
  const { width, height } = boardSize(shape);
  const whole = wholeBoard(shape);
  const up = c * (height + BOARD_GAP);
  return {
    x: o * (width + BOARD_GAP) + j * (w + GAP) + b - (whole.width - 1) / 2,
    y: up + (height - 1) - (i * (h + GAP) + a) - (whole.height - 1) / 2,
    z: ((channels - 1) / 2 - c) * DEPTH,
  };
}

/** All boards together. */
function wholeBoard(shape: FcShape): { readonly width: number; readonly height: number } {
  const { width, height } = boardSize(shape);
  const together = (size: number, count: number): number => count * size + (count - 1) * BOARD_GAP;
  return { width: together(width, shape.O), height: together(height, shape.channels) };
}

function matrixPlace(shape: FcShape, cell: CellIndex): Point {
  const { row, column } = cellOf(shape, cell);
  return { x: column - (columnsOf(shape) - 1) / 2, y: (rowsOf(shape) - 1) / 2 - row, z: 0 };
}

/** The boards are turned: near edges are larger, and those behind stand out to the side. */
const TURNED = 1.2;

/** Half the extent of what is to be seen, in cells, at some point of the way. */
export function foldExtent(shape: FcShape, unfolded: number): { readonly x: number; readonly y: number } {
  const { width, height } = wholeBoard(shape);
  const mix = (folded: number, unrolled: number): number => (folded * TURNED + (unrolled - folded * TURNED) * unfolded) / 2;
  return { x: mix(width, columnsOf(shape)), y: mix(height, rowsOf(shape)) };
}

/** Words in space: an axis, where it is written, and how clearly it is to be seen, 0..1. */
export interface AxisLabel {
  readonly text: string;
  readonly at: Point;
  readonly strength: number;
}

/** The six axes while the tensor is folded, the two of the matrix when it is unrolled. */
export function axisLabels(shape: FcShape, unfolded: number): AxisLabel[] {
  const { O, channels, h, w } = shape;
  const first = (cell: Partial<CellIndex>): Point => boardPlace(shape, { o: 0, i: 0, j: 0, c: 0, a: 0, b: 0, ...cell });
  const beside = (point: Point, x: number, y: number): Point => ({ x: point.x + x, y: point.y + y, z: point.z });
  const middle = (size: number): number => (size - 1) >> 1;
  const [board, matrix] = [Math.max(0, 1 - 4 * unfolded), Math.max(0, 4 * unfolded - 3)];
  const folded = [
    { text: 'j: output column', at: beside(first({ j: middle(w) }), w / 2, 7) },
    { text: 'i: output row', at: beside(first({ i: middle(h) }), -5.5, -h / 2) },
    { text: 'b', at: beside(first({ b: middle(w) }), 0, 1.6) },
    { text: 'a', at: beside(first({ a: middle(h) }), -1.6, 0) },
    ...(O > 1
      ? Array.from({ length: O }, (_, o) => ({ text: `o = ${o}`, at: beside(first({ o, i: h - 1, j: middle(w) }), w / 2, -h - 2.5) }))
      : []),
    ...(channels > 1
      ? Array.from({ length: channels }, (_, c) => ({ text: `c = ${c}`, at: beside(first({ c, o: O - 1, j: w - 1 }), w + 3, -h) }))
      : []),
  ];
  const [x, y] = [columnsOf(shape) / 2, rowsOf(shape) / 2];
  const unrolled = [
    { text: 'column (c, a, b)', at: { x: 0, y: y + 2.5, z: 0 } },
    { text: 'row (o, i, j)', at: { x: -x - 4, y: 0, z: 0 } },
  ];
  return [...folded.map((label) => ({ ...label, strength: board })), ...unrolled.map((label) => ({ ...label, strength: matrix }))];
}

/** Where a cell stands in both forms, in a sentence with the sum that gives row and column. */
export function foldText(shape: FcShape, cell: CellIndex): string {
  const { h, w } = shape;
  const { o, i, j, c, a, b } = cell;
  const { row, column } = cellOf(shape, cell);
  return (
    `Cell (o ${o}, i ${i}, j ${j}, c ${c}, a ${a}, b ${b}): ` +
    `row ${o} × ${h * w} + ${i} × ${w} + ${j} = ${row}, column ${c} × ${h * w} + ${a} × ${w} + ${b} = ${column}.`
  );
}
