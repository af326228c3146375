// From an operation or a group of the ledger to its matrix, where the weights in focus have one.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { LedgerRow } from '@shared/cost/ledger';
import { network } from '../../studio/network/network';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';
import { loadBlocks, loadTensors, weights } from '../../studio/network/weights';
import type { ListedKernel } from '@shared/link/studio';
import type { TensorInfo } from '@shared/tensor/tensor';
import { kernels, kernelsInFocus } from '../../studio/families/kernels';
import { cellAt, mergedWeight, showCell, showTensor } from '../matrix';
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
  const { tensors, blocks, reference, reading, inFocus, label } = useStore(weights);
  const connected = useStore(connection, ({ client }) => client !== null);
  const spec = useStore(network, (state) => state.spec);
  useEffect(() => {
    if (connected && inFocus) void attempt(() => Promise.all([loadBlocks(), loadTensors()]));
  }, [connected, reference, inFocus]);
  // Of a network that is not known there are its weights, and those that its groups have once merged.
  const merged = kernelsInFocus(useStore(kernels), reference, reading).found?.kernels;
  const matrices = useMemo(
    () => tensors && matricesOf(spec, [...tensors, ...mergedInfos(merged ?? [])], blocks ?? []),
    [spec, tensors, blocks, merged],
  );
  return (rows) => {
    if (!inFocus) return { says: 'no weights yet', show: null };
    if (!matrices) return { says: 'reading the weights in focus', show: null };
    const place = placeOf(rows, matrices);
    return place ? { says: placeText(place), show: () => showPlace(place) } : { says: `no matrix in ${label}`, show: null };
  };
}

function mergedInfos(merged: readonly ListedKernel[]): TensorInfo[] {
  return merged.flatMap(({ name, shape, stands }) => (stands ? [] : [{ name, shape, dtype: 'float32' }]));
}

function showPlace(place: MatrixPlace): void {
  const isInFile = (name: string): boolean => weights.getState().tensors?.some((tensor) => tensor.name === name) ?? true;
  if (place.kind === 'tensor') showTensor(isInFile(place.tensor) ? place.tensor : mergedWeight(place.tensor));
  else showCell(place.block, place.shape, cellAt(place.shape, [0, 0, 0], [0, 0, 0]));
}
