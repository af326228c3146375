// The matrix for those who do not see it: a grid in the accessibility tree, as large as the picture, of which the cells around the cursor
// are there. The keys that move the cursor (keys.ts) move through it. Invariant: the active cell is the cursor's, with its row, its
// column, its value in every pane and what it means.
import { useEffect, useState } from 'react';
import { storedCell } from '@shared/matrix/layout';
import { standsIn } from '../../../workers/matrix/matrix-client';
import type { PaneId, PictureCell } from '../explorer';
import { panesOf, type ExplorerInput, type MatrixSet } from '../matrix-set';
import { valueText } from '../panels/meaning';
import { useExplorer } from '../useExplorer';
import { cellName, rangeAround, type CellRange } from './cell-grid';
import { indicesOf } from './cell-window';

export const ACTIVE_CELL_ID = 'matrix-active-cell';

interface CellGridProps {
  readonly input: ExplorerInput;
  readonly set: MatrixSet;
}

type ValuesByPane = Readonly<Partial<Record<PaneId, Float32Array>>>;
interface GridValues {
  readonly range: CellRange;
  readonly values: ValuesByPane;
}

export function CellGrid({ input, set }: CellGridProps) {
  const { cursor, size } = useExplorer('cursor', 'size');
  const at = cursor ?? { row: 0, column: 0 };
  const range = rangeAround(at, size);
  const found = useGridValues(set, input, range);
  const rows = range.rows[1] - range.rows[0];
  const columns = range.columns[1] - range.columns[0];
  return (
    <div
      className="unseen"
      role="grid"
      aria-label="Weights"
      aria-rowcount={size.rows}
      aria-colcount={size.columns}
      data-testid="matrix-grid"
    >
      {Array.from({ length: rows }, (_, r) => (
        <div key={range.rows[0] + r} role="row" aria-rowindex={range.rows[0] + r + 1}>
          {Array.from({ length: columns }, (_unused, c) => {
            const cell = { row: range.rows[0] + r, column: range.columns[0] + c };
            const active = cell.row === at.row && cell.column === at.column;
            const number = r * columns + c;
            return (
              <div
                key={cell.column}
                role="gridcell"
                aria-colindex={cell.column + 1}
                aria-selected={active}
                id={active ? ACTIVE_CELL_ID : undefined}
                data-testid={active ? 'matrix-active-cell' : undefined}
              >
                {textOf(cell, number, found, input, set)}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function textOf(cell: PictureCell, number: number, found: GridValues | null, input: ExplorerInput, set: MatrixSet): string {
  const { rows, columns } = set.after.stored;
  const stored = storedCell(set.after.status.layout, rows, columns, cell.row, cell.column);
  if (!stored) return 'no weight here: another group, or outside the map';
  const values = panesOf(input).flatMap((id) => {
    const value = found?.values[id]?.[number];
    return value === undefined ? [] : [`${input.panes[id]?.short ?? id} ${valueText(value)}`];
  });
  return cellName(stored, values, input.words?.(stored.row, stored.column) ?? null);
}

/** The values of a range in all panes; null while they are on their way. */
function useGridValues(set: MatrixSet, input: ExplorerInput, range: CellRange): GridValues | null {
  const [found, setFound] = useState<GridValues | null>(null);
  const panes = panesOf(input);
  const versions = panes.map((id) => `${set[id].status.generation}/${set[id].status.phase}`).join(' ');
  const key = [...range.rows, ...range.columns].join(' ');
  useEffect(() => {
    if (panes.some((id) => standsIn(set[id].status))) return;
    let current = true;
    const asked = panes.map(async (id) => [id, await set[id].values(indicesOf(set[id], range))] as const);
    void Promise.all(asked).then((values) => current && setFound({ range, values: Object.fromEntries(values) }));
    return () => {
      current = false;
    };
  }, [set, input, key, versions]);
  // Values of another place are not said of this one.
  return found && [...found.range.rows, ...found.range.columns].join(' ') === key ? found : null;
}
