// The cells of an FC3 matrix and what they mean: rows run over (output channel or share-set o, y i, x j), columns over
// (input channel of the group c, y a, x b), in this order, row-major. Invariant: cellIndexOf and cellOf undo each other.
// Source: FC3 weight (O*h*w, C*h*w/g), section 3 of arXiv 2105.01883.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import type { RepBlock } from '../model/spec';

export const fcShapeSchema = z.object({ O: count, channels: count, h: count, w: count });
/** Sizes of one FC3: output channels, input channels per group, partition. For RepMLPNet (arXiv 2112.11081) O is S and channels 1. */
export type FcShape = Stored<z.infer<typeof fcShapeSchema>>;

export const matrixGeometrySchema = fcShapeSchema.extend({
  family: z.enum(['repmlp', 'repmlpNet']),
  /** Groups, each of O / groups outputs; the share-sets of RepMLPNet. */
  groups: count,
  /** Odd sizes K of the conv branches. */
  kernels: z.array(count),
});
/** Shape and words of one FC3 matrix. */
export type MatrixGeometry = Stored<z.infer<typeof matrixGeometrySchema>>;

const outputPosition = z.object({ o: count, i: count, j: count });
const inputPosition = z.object({ c: count, a: count, b: count });
export const cellIndexSchema = z.object({ ...outputPosition.shape, ...inputPosition.shape });

/** An output position: channel, row, column. */
export type OutputPosition = Stored<z.infer<typeof outputPosition>>;
/** An input position: channel within the group of the output, row, column. */
export type InputPosition = Stored<z.infer<typeof inputPosition>>;
/** One cell in the paper's indices: from input channel c, row a, column b to output channel o, row i, column j. */
export type CellIndex = Stored<z.infer<typeof cellIndexSchema>>;

/** The same with the group of o. */
export interface CellMeaning extends CellIndex {
  readonly g: number;
}

/** A cell of the matrix, or of a picture of it. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}

/** Sizes of a block's FC3 matrix. */
export function fcShapeOf(block: RepBlock): FcShape {
  const { h, w } = block;
  if (block.kind === 'repmlp') return { O: block.O, channels: block.C / block.groups, h, w };
  return { O: block.shareSets, channels: 1, h, w };
}

/** A block's matrix with the words for it. */
export function geometryOf(block: RepBlock): MatrixGeometry {
  const { kernels } = block;
  if (block.kind === 'repmlp') return { ...fcShapeOf(block), family: 'repmlp', groups: block.groups, kernels };
  return { ...fcShapeOf(block), family: 'repmlpNet', groups: block.shareSets, kernels };
}

/** Rows of the matrix: O*h*w. */
export function rowsOf({ O, h, w }: Pick<FcShape, 'O' | 'h' | 'w'>): number {
  return O * h * w;
}

/** Columns of the matrix: (C/g)*h*w. */
export function columnsOf({ channels, h, w }: Pick<FcShape, 'channels' | 'h' | 'w'>): number {
  return channels * h * w;
}

/** What row `row` computes. */
export function outputOf({ h, w }: Pick<FcShape, 'h' | 'w'>, row: number): OutputPosition {
  return { o: Math.floor(row / (h * w)), i: Math.floor(row / w) % h, j: row % w };
}

/** What column `column` reads. */
export function inputOf({ h, w }: Pick<FcShape, 'h' | 'w'>, column: number): InputPosition {
  return { c: Math.floor(column / (h * w)), a: Math.floor(column / w) % h, b: column % w };
}

/** The row that computes an output position. */
export function rowOf({ h, w }: Pick<FcShape, 'h' | 'w'>, { o, i, j }: OutputPosition): number {
  return (o * h + i) * w + j;
}

/** The column that reads an input position. */
export function columnOf({ h, w }: Pick<FcShape, 'h' | 'w'>, { c, a, b }: InputPosition): number {
  return (c * h + a) * w + b;
}

/** The paper's indices of a cell. */
export function cellIndexOf(shape: Pick<FcShape, 'h' | 'w'>, row: number, column: number): CellIndex {
  return { ...outputOf(shape, row), ...inputOf(shape, column) };
}

/** The cell of the paper's indices. */
export function cellOf(shape: Pick<FcShape, 'h' | 'w'>, cell: CellIndex): MatrixCell {
  return { row: rowOf(shape, cell), column: columnOf(shape, cell) };
}

/** Group of an output channel. */
export function groupOf({ O, groups }: Pick<MatrixGeometry, 'O' | 'groups'>, o: number): number {
  return Math.floor(o / (O / groups));
}

/** Meaning of a cell of the stored matrix. */
export function meaningOf(geometry: MatrixGeometry, row: number, column: number): CellMeaning {
  const cell = cellIndexOf(geometry, row, column);
  return { ...cell, g: groupOf(geometry, cell.o) };
}

/** Place of the cell in the stored array. */
export function indexOf(shape: FcShape, cell: CellIndex): number {
  return rowOf(shape, cell) * columnsOf(shape) + columnOf(shape, cell);
}
