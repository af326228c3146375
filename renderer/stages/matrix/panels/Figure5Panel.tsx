// Figure 5 of arXiv 2105.01883: one output position over the input map, ln(|w| / min |w|), before and after,
// with the property that can be checked: outside the largest kernel's window both differ by one constant.
import { largestOf } from '@shared/base/extremes';
import { useMemo } from 'react';
import { fixed } from '@shared/base/number-text';
import { logRatios, outsideDifference, type OutsideDifference } from '@shared/matrix/figure5';
import type { CellMeaning, MatrixGeometry } from '@shared/matrix/geometry';
import { defaultScale, type Colouring } from '@shared/colour/colouring';
import { inputMapIndices, largestKernel, windowOf } from '@shared/matrix/slices';
import type { MatrixSet } from '../matrix-set';
import { MapCanvas, type Mark } from './MapCanvas';
import { figure5Cell } from './picked';
import { useValues } from './useValues';

interface Figure5PanelProps {
  readonly geometry: MatrixGeometry;
  readonly picked: CellMeaning;
  readonly set: MatrixSet;
  readonly onPick: (cell: CellMeaning) => void;
}

export function Figure5Panel({ geometry, picked, set, onPick }: Figure5PanelProps) {
  const { o, i, j, c } = picked;
  const indices = useMemo(() => inputMapIndices(geometry, { o, i, j, c }), [geometry, o, i, j, c]);
  const before = useValues(set.before, indices);
  const after = useValues(set.after, indices);
  const maps = useMemo(() => before && after && mapsOf(before, after), [before, after]);
  if (!maps) return <p className="faint">Waiting for the slice.</p>;
  const K = largestKernel(geometry);
  const position: Mark = { row: i, column: j, rows: 1, columns: 1, color: '#ffd400', dashed: true };
  const reach: Mark = { ...windowOf(geometry, K, i, j), color: '#2f7ed8' };
  const shared = { rows: geometry.h, columns: geometry.w, scale: maps.scale, width: 250, numbers: geometry.w <= 10 };
  return (
    <div className="panel-stack" data-testid="panel-figure5">
      <h2>{`FC3[${o}, ${i}, ${j}, ${c}, :, :] as ln(|w| / min |w|)`}</h2>
      <div className="map-row">
        <MapCanvas
          {...shared}
          label="before the merge"
          values={maps.before}
          marks={[position]}
          onPick={(row, column) => onPick({ ...picked, i: row, j: column })}
        />
        <MapCanvas
          {...shared}
          label="after the merge"
          values={maps.after}
          marks={[reach, position]}
          onPick={(row, column) => onPick({ ...picked, i: row, j: column })}
        />
      </div>
      <button type="button" className="button" data-testid="figure5-preset" onClick={() => onPick(figure5Cell(geometry))}>
        The paper's choice: first channels, right and below the middle
      </button>
      <p data-testid="figure5-property">{propertyText(outsideDifference(geometry, picked, K, maps.before, maps.after), K)}</p>
    </div>
  );
}

function mapsOf(slice: Float32Array, merged: Float32Array) {
  const [before, after] = [logRatios(slice), logRatios(merged)];
  return { before, after, scale: scaleOf([...before, ...after]) };
}

function scaleOf(values: readonly number[]): Colouring {
  const high = largestOf(values.filter(Number.isFinite), 1e-6);
  return { ...defaultScale(high), map: 'paper-green', low: 0, high, markClipped: false };
}

function propertyText(difference: OutsideDifference | null, K: number): string {
  if (!difference) return `The ${K} x ${K} window covers the whole map: there is no outside to compare.`;
  const { constant, spread, cells, holds } = difference;
  if (cells === 0) return `Outside the ${K} x ${K} window no weight is a number other than zero: there is nothing to compare.`;
  const verdict = holds ? 'one constant, as printed in the paper' : 'NOT one constant: the merge changed weights where no kernel reaches';
  return `Outside the ${K} x ${K} window (${cells} cells) after minus before is ${fixed(constant, 4)}, spread ${spread.toExponential(1)}: ${verdict}.`;
}
