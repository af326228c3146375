// The column beside the panes: maps, kernel, figure 5 or the kernel lesson, all about the picked cell.
import { useStore } from 'zustand/react';
import { Segments } from '../../../ui/controls';
import { cellOf, type CellMeaning, type MatrixGeometry } from '@shared/matrix/geometry';
import { pictureCell } from '@shared/matrix/layout';
import type { Colouring } from '@shared/colour/colouring';
import { explorer, moveCursor, type PaneId, type PanelName } from '../explorer';
import type { ExplorerInput, MatrixSet } from '../matrix-set';
import { pickedCell, pickedMeaning } from './picked';
import { Figure5Panel } from './Figure5Panel';
import { KernelLesson } from './KernelLesson';
import { KernelPanel } from './KernelPanel';
import { MapsPanel } from './MapsPanel';

type Panels = readonly (readonly [PanelName, string])[];
const OF_ANY: Panels = [
  ['maps', 'Maps'],
  ['lesson', 'Try it'],
];
const OF_A_MERGE: Panels = [
  ['maps', 'Maps'],
  ['kernel', 'Kernel'],
  ['figure5', 'Figure 5'],
  ['lesson', 'Try it'],
];

interface SidePanelProps {
  readonly input: ExplorerInput;
  readonly geometry: MatrixGeometry;
  readonly set: MatrixSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
}

export function SidePanel({ input, geometry, set, scales }: SidePanelProps) {
  const options = input.isMerge ? OF_A_MERGE : OF_ANY;
  const chosen = useStore(explorer, (state) => state.panel);
  const panel = options.some(([name]) => name === chosen) ? chosen : 'maps';
  return (
    <aside className={`matrix-side ${panel}`} aria-label="About the picked cell">
      <Segments
        label="Panel"
        value={panel}
        options={options}
        onChange={(next) => explorer.setState({ panel: next })}
        testId="matrices-panel"
      />
      {panel === 'lesson' ? <KernelLesson /> : <PickedPanel panel={panel} input={input} geometry={geometry} set={set} scales={scales} />}
    </aside>
  );
}

function PickedPanel({ panel, input, geometry, set, scales }: SidePanelProps & { readonly panel: Exclude<PanelName, 'lesson'> }) {
  const picked = pickedMeaning(geometry, set.after, useStore(explorer, pickedCell));
  const onPick = (meaning: CellMeaning) => pickCell(geometry, set, meaning);
  if (panel === 'maps')
    return <MapsPanel panes={input.panes} geometry={geometry} picked={picked} set={set} scales={scales} onPick={onPick} />;
  if (panel === 'kernel') return <KernelPanel geometry={geometry} picked={picked} set={set} scale={scales.added} />;
  return <Figure5Panel geometry={geometry} picked={picked} set={set} onPick={onPick} />;
}

/** Pins a cell given by its meaning, wherever the layout puts it. */
function pickCell(geometry: MatrixGeometry, set: MatrixSet, meaning: CellMeaning): void {
  const stored = cellOf(geometry, meaning);
  const { rows, columns } = set.after.stored;
  const cell = pictureCell(set.after.status.layout, rows, columns, stored.row, stored.column);
  moveCursor(cell.row, cell.column, true);
  explorer.setState({ pinned: cell });
}
