// A matrix as coloured cells, each in the colour of its weight; where there are more weights than cells, of a block of them
// by a named rule.
import type { ColourScaleName } from '../../colour/scales';
import { lutIndex, lutOf } from '../../colour/table';
import { strongestOf, type Matrix } from '../../matrix/reduce-to-page';
import { outlined, RULE, type CellsMark, type Mark } from './display-list';
import type { ValueScale } from './value-scale';

/** Where to draw. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Most cells along one side: 600 over 50 mm are about 300 per inch. */
export const MOST_CELLS = 600;

/** Weights per cell along each axis, 1 where the matrix is drawn as it is. */
export function poolingOf({ rows, columns }: { rows: number; columns: number }): { rows: number; columns: number } {
  return { rows: Math.ceil(rows / MOST_CELLS), columns: Math.ceil(columns / MOST_CELLS) };
}

/** How the picture was reduced, in words. */
export function poolingRule(matrix: { rows: number; columns: number }): string {
  const pool = poolingOf(matrix);
  if (pool.rows === 1 && pool.columns === 1) return 'every weight is drawn';
  return `each pixel shows the weight of largest magnitude among ${pool.rows} x ${pool.columns}`;
}

/** A matrix and what its numbers are called where they are kept beside the figure. */
export interface NamedMatrix extends Matrix {
  readonly name: string;
}

/** The matrix drawn into a box with a thin outline. */
export function heatMap(matrix: NamedMatrix, box: Box, scale: ValueScale, colours: ColourScaleName): Mark[] {
  return [cellsOf(matrix, box, scale, colours), outlined(box.x, box.y, box.width, box.height, RULE, 0.5)];
}

/** The colour of a cell that has no place on its scale. */
export const NOTHING = [217, 217, 217, 255] as const;

/** The matrix's cells alone; one without a place on the scale is grey. */
export function cellsOf(
  { name, ...matrix }: NamedMatrix,
  box: Box,
  scale: Pick<ValueScale, 'position'>,
  colours: ColourScaleName,
): CellsMark {
  const pool = poolingOf(matrix);
  const { rows, columns, data } = pool.rows === 1 && pool.columns === 1 ? matrix : strongestOf(matrix, pool);
  const table = new Uint32Array(lutOf(colours).buffer);
  const [none] = new Uint32Array(Uint8Array.from(NOTHING).buffer);
  const cells = Uint32Array.from(data, (value) => {
    const position = scale.position(value);
    return Number.isNaN(position) ? none : table[lutIndex(position)];
  });
  return { kind: 'cells', ...box, rows, columns, rgba: new Uint8Array(cells.buffer), name, values: matrix };
}
