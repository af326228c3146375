// The values under the cursor in all matrices, asked for once per frame at most.
import { useEffect, useState } from 'react';
import type { Provenance } from '@shared/merge/mathematics/matrices';
import { storedCell } from '@shared/matrix/layout';
import { standsIn } from '../../../workers/matrix/matrix-client';
import { type PaneId, type PictureCell } from '../explorer';
import { panesOf, type ExplorerInput, type MatrixSet } from '../matrix-set';

export interface Reading {
  /** Cell of the stored matrix. */
  readonly row: number;
  readonly column: number;
  /** Of the panes that hold a matrix. */
  readonly values: Readonly<Partial<Record<PaneId, number>>>;
}

/** The reading at a picture cell; null outside the matrix, the last one while the next is on its way. */
export function useReading(set: MatrixSet, input: ExplorerInput, cell: PictureCell | null): Reading | null {
  const [reading, setReading] = useState<Reading | null>(null);
  const panes = panesOf(input);
  const versions = panes.map((id) => `${set[id].status.generation}/${set[id].status.phase}`).join(' ');
  useEffect(() => {
    // The values to come are not there yet; the last reading stands as the picture does.
    if (panes.some((id) => standsIn(set[id].status))) return;
    const { rows, columns } = set.after.stored;
    const stored = cell && storedCell(set.after.status.layout, rows, columns, cell.row, cell.column);
    if (!stored) return setReading(null);
    let current = true;
    const index = Float64Array.of(stored.row * columns + stored.column);
    void Promise.all(panes.map(async (id) => [id, (await set[id].values(index))[0]] as const)).then((values) => {
      if (current) setReading({ ...stored, values: Object.fromEntries(values) });
    });
    return () => {
      current = false;
    };
  }, [set, input, cell?.row, cell?.column, versions]);
  return reading;
}

/** Where the value of a stored cell comes from; asked for once the cursor rests. */
export function useProvenance({ explain }: ExplorerInput, row: number | null, column: number | null): Provenance | null {
  const [found, setFound] = useState<Provenance | null>(null);
  useEffect(() => {
    setFound(null);
    if (!explain || row === null || column === null) return;
    let current = true;
    const timer = setTimeout(() => {
      explain(row, column).then(
        (provenance) => current && setFound(provenance),
        () => undefined,
      );
    }, 60);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [explain, row, column]);
  return found;
}
