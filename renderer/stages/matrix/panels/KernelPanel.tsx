// The reverse question: the kernel the branches add up to, and the diagonals each of its weights becomes.
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import type { CellMeaning, MatrixGeometry } from '@shared/matrix/geometry';
import type { Colouring } from '@shared/colour/colouring';
import { diagonalOf, kernelIndices, largestKernel } from '@shared/matrix/slices';
import { explorer } from '../explorer';
import type { MatrixSet } from '../matrix-set';
import { valueText } from './meaning';
import { MapCanvas } from './MapCanvas';
import { useValues } from './useValues';

interface KernelPanelProps {
  readonly geometry: MatrixGeometry;
  readonly picked: CellMeaning;
  readonly set: MatrixSet;
  readonly scale: Colouring;
}

export function KernelPanel({ geometry, picked: { o, c }, set, scale }: KernelPanelProps) {
  const lit = useStore(explorer, (state) => state.lit);
  const K = largestKernel(geometry);
  const indices = useMemo(() => kernelIndices(geometry, o, c, K), [geometry, o, c, K]);
  const values = useValues(set.added, indices);
  if (geometry.kernels.length === 0) return <p className="faint">This block has no conv branches: nothing is added.</p>;
  const marks = lit ? [{ row: lit.u, column: lit.v, rows: 1, columns: 1, color: '#ffd400' }] : [];
  return (
    <div className="panel-stack" data-testid="panel-kernel">
      <h2>{`Summed ${K} x ${K} kernel, input channel ${c} to output channel ${o}`}</h2>
      <MapCanvas
        label="click a weight: its diagonals light up"
        values={values}
        rows={K}
        columns={K}
        scale={scale}
        width={Math.min(280, K * 44)}
        marks={marks}
        numbers
        onPick={(u, v) => explorer.setState({ lit: lit?.u === u && lit.v === v ? null : { u, v } })}
      />
      {lit && (
        <p data-testid="lit-text">
          {`Weight [${lit.u}, ${lit.v}] = ${valueText(values?.[lit.u * K + lit.v] ?? NaN)} stands in ${diagonalOf(geometry, o, c, K, lit.u, lit.v).length} cells of the matrix.`}
        </p>
      )}
    </div>
  );
}
