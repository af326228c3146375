// From an operation or a group of the ledger to its matrix, where the weights in focus have one.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { LedgerRow } from '@shared/cost/ledger';
import { network } from '../../studio/network/network';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';
import { loadBlocks, loadTensors, weights } from '../../studio/network/weights';
import { cellAt, showCell, showTensor } from '../matrix';
import { matricesOf, placeOf, placeText, type MatrixPlace } from './matrix-place';

/** Where a part of a picture leads. */
export interface MatrixLink {
  /** The matrix, or why there is none. */
  readonly says: string;
  /** Shows the matrix; null where there is none. */
  readonly show: (() => void) | null;
}

/** Finds the matrix of an operation, or of a group of them, in the weights in focus. */
export function useMatrixLink(): (rows: readonly LedgerRow[]) => MatrixLink {
  const { tensors, blocks, reference, inFocus, label } = useStore(weights);
  const connected = useStore(connection, ({ client }) => client !== null);
  const spec = useStore(network, (state) => state.spec);
  useEffect(() => {
    if (connected && inFocus) void attempt(() => Promise.all([loadBlocks(), loadTensors()]));
  }, [connected, reference, inFocus]);
  const matrices = useMemo(() => spec && tensors && matricesOf(spec, tensors, blocks ?? []), [spec, tensors, blocks]);
  return (rows) => {
    if (!inFocus) return { says: 'no weights yet', show: null };
    if (!matrices) return { says: 'reading the weights in focus', show: null };
    const place = placeOf(rows, matrices);
    return place ? { says: placeText(place), show: () => showPlace(place) } : { says: `no matrix in ${label}`, show: null };
  };
}

function showPlace(place: MatrixPlace): void {
  if (place.kind === 'tensor') showTensor(place.tensor);
  else showCell(place.block, place.shape, cellAt(place.shape, [0, 0, 0], [0, 0, 0]));
}
