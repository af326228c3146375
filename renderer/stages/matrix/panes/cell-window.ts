// Values of the cells in view, for the numbers in large cells: fetched from the matrix's worker as one
// window, kept until another window is needed.
import { storedCell } from '@shared/matrix/layout';
import { standsIn, type MatrixClient } from '../../../workers/matrix/matrix-client';

interface Range {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

export class CellWindow {
  private key = '';
  private range: Range = { rows: [0, 0], columns: [0, 0] };
  private values: Float32Array | null = null;

  /** Makes sure the values of a range are here or on their way; `arrived` is called when they come. */
  request(matrix: MatrixClient, range: Range, arrived: () => void): void {
    const { pictured, loadedRows } = matrix.status;
    const key = [pictured, loadedRows, ...range.rows, ...range.columns].join(' ');
    if (key === this.key || standsIn(matrix.status)) return;
    this.key = key;
    void matrix.values(indicesOf(matrix, range)).then((values) => {
      if (key !== this.key) return;
      this.values = values;
      this.range = range;
      arrived();
    });
  }

  /** A cell's value; undefined while it is not here. */
  at(row: number, column: number): number | undefined {
    const { rows, columns } = this.range;
    if (!this.values || row < rows[0] || row >= rows[1] || column < columns[0] || column >= columns[1]) return undefined;
    return this.values[(row - rows[0]) * (columns[1] - columns[0]) + column - columns[0]];
  }
}

/** Stored indices of a range of picture cells, row by row; -1 where there is no stored cell. */
export function indicesOf(matrix: MatrixClient, { rows, columns }: Range): Float64Array {
  const { layout } = matrix.status;
  const stored = matrix.stored;
  const width = columns[1] - columns[0];
  const indices = new Float64Array((rows[1] - rows[0]) * width);
  for (let k = 0; k < indices.length; k++) {
    const cell = storedCell(layout, stored.rows, stored.columns, rows[0] + Math.floor(k / width), columns[0] + (k % width));
    indices[k] = cell ? cell.row * stored.columns + cell.column : -1;
  }
  return indices;
}
