// Map of maps, one at a time: what the picked output position reads from an input channel, and where the
// picked input position goes.
import { useMemo } from 'react';
import type { CellMeaning, MatrixGeometry } from '@shared/matrix/geometry';
import type { Colouring } from '@shared/colour/colouring';
import { fanOutIndices, inputMapIndices, largestKernel, windowOf } from '@shared/matrix/slices';
import type { PaneId } from '../explorer';
import { panesOf, type ExplorerInput, type MatrixSet } from '../matrix-set';
import { MapCanvas, type Mark } from './MapCanvas';
import { useValues } from './useValues';

interface MapsPanelProps {
  readonly panes: ExplorerInput['panes'];
  readonly geometry: MatrixGeometry;
  readonly picked: CellMeaning;
  readonly set: MatrixSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
  readonly onPick: (cell: CellMeaning) => void;
}

const HERE = '#ffd400';
const WINDOW = '#2f7ed8';

export function MapsPanel({ panes, geometry, picked, set, scales, onPick }: MapsPanelProps) {
  const { o, i, j, c, a, b } = picked;
  const input = useMemo(() => inputMapIndices(geometry, { o, i, j, c }), [geometry, o, i, j, c]);
  const output = useMemo(() => fanOutIndices(geometry, { o, c, a, b }), [geometry, o, c, a, b]);
  const K = largestKernel(geometry);
  const here = (row: number, column: number): Mark => ({ row, column, rows: 1, columns: 1, color: HERE, dashed: true });
  const kernelWindow = (row: number, column: number): Mark => ({ ...windowOf(geometry, K, row, column), color: WINDOW });
  const pickInput = (row: number, column: number) => onPick({ ...picked, a: row, b: column });
  const pickOutput = (row: number, column: number) => onPick({ ...picked, i: row, j: column });
  const common = { panes, geometry, set, scales };
  return (
    <div className="panel-stack" data-testid="panel-maps">
      <h2>{`Output (${o}; y ${i}, x ${j}) over the input grid of channel ${c}`}</h2>
      <MapRow {...common} indices={input} marks={[kernelWindow(i, j), here(a, b)]} onPick={pickInput} />
      <h2>{`Input (${c}; y ${a}, x ${b}) fans out over output channel ${o}`}</h2>
      <MapRow {...common} indices={output} marks={[kernelWindow(a, b), here(i, j)]} onPick={pickOutput} />
      <p className="faint">{`Blue: reach of the largest kernel (${K} x ${K}). Click a position to pick it.`}</p>
    </div>
  );
}

interface MapRowProps {
  readonly panes: ExplorerInput['panes'];
  readonly geometry: MatrixGeometry;
  readonly set: MatrixSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
  readonly indices: Float64Array;
  readonly marks: readonly Mark[];
  readonly onPick: (row: number, column: number) => void;
}

/** The same slice of each matrix. */
function MapRow(props: MapRowProps) {
  return (
    <div className="map-row">
      {panesOf(props).map((id) => (
        <SetMap key={id} id={id} {...props} />
      ))}
    </div>
  );
}

function SetMap({ id, panes, geometry, set, scales, indices, marks, onPick }: MapRowProps & { readonly id: PaneId }) {
  const values = useValues(set[id], indices);
  const size = { rows: geometry.h, columns: geometry.w, width: 92 };
  return <MapCanvas label={panes[id]?.short ?? id} values={values} {...size} scale={scales[id]} marks={marks} onPick={onPick} />;
}
