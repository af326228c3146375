// The cell that the panels explain and whose kernel's diagonals light up: both ask here, so that what lights up is
// what the panel tells.
import { meaningOf, type CellMeaning, type MatrixGeometry } from '@shared/matrix/geometry';
import { storedCell } from '@shared/matrix/layout';
import type { MatrixClient } from '../../../workers/matrix/matrix-client';
import type { Explorer, PictureCell } from '../explorer';
import { figure5Choice } from '@shared/matrix/figure5';

/** The pinned cell, else the one under the cursor. */
export function pickedCell({ pinned, cursor }: Pick<Explorer, 'pinned' | 'cursor'>): PictureCell | null {
  return pinned ?? cursor;
}

/** What the picked cell means; figure 5's choice where none is picked or it holds no weight. */
export function pickedMeaning(geometry: MatrixGeometry, matrix: MatrixClient, cell: PictureCell | null): CellMeaning {
  const { rows, columns } = matrix.stored;
  const stored = cell && storedCell(matrix.status.layout, rows, columns, cell.row, cell.column);
  return stored ? meaningOf(geometry, stored.row, stored.column) : figure5Cell(geometry);
}

/** Figure 5's choice; of the input positions, the output's own. */
export function figure5Cell(geometry: MatrixGeometry): CellMeaning {
  const { o, i, j, c } = figure5Choice(geometry);
  return { g: 0, o, i, j, c, a: i, b: j };
}
