// The column beside the panes: how the picture is drawn; maps, kernel, figure 5 and the kernel lesson, all about the
// picked cell.
import { useStore } from 'zustand/react';
import { Segments } from '../../../ui/controls';
import { cellOf, type CellMeaning, type MatrixGeometry } from '@shared/matrix/geometry';
import { pictureCell } from '@shared/matrix/layout';
import type { Colouring } from '@shared/colour/colouring';
import { explorer, moveCursor, type PaneId, type PanelName } from '../explorer';
import type { ExplorerInput, MatrixSet } from '../matrix-set';
import { OtherBlock } from '../Compare';
import { pickedCell, pickedMeaning } from './picked';
import { Figure5Panel } from './Figure5Panel';
import { KernelLesson } from './KernelLesson';
import { KernelPanel } from './KernelPanel';
import { MapsPanel } from './MapsPanel';
import { ViewPanel } from './ViewPanel';

type Panels = readonly (readonly [PanelName, string])[];
const PLAIN: Panels = [['view', 'Picture']];
const OF_ANY: Panels = [...PLAIN, ['maps', 'Maps'], ['lesson', 'Try it']];
const OF_A_MERGE: Panels = [...PLAIN, ['maps', 'Maps'], ['kernel', 'Kernel'], ['figure5', 'Figure 5'], ['lesson', 'Try it']];

interface SidePanelProps {
  readonly input: ExplorerInput;
  /** null where rows and columns mean nothing: then there is only the picture. */
  readonly geometry: MatrixGeometry | null;
  readonly set: MatrixSet;
  readonly scales: Readonly<Record<PaneId, Colouring>>;
}

export function SidePanel({ input, geometry, set, scales }: SidePanelProps) {
  const options = !geometry ? PLAIN : input.isMerge ? OF_A_MERGE : OF_ANY;
  const chosen = useStore(explorer, (state) => state.panel);
  const panel = options.some(([name]) => name === chosen) ? chosen : geometry ? 'maps' : 'view';
  return (
    <section className={`matrix-side ${panel}`} aria-label="Picture and picked cell">
      <OtherBlock />
      <Segments
        label="Panel"
        value={panel}
        options={options}
        onChange={(next) => explorer.setState({ panel: next })}
        testId="matrices-panel"
      />
      {panel === 'view' && <ViewPanel />}
      {panel === 'lesson' && <KernelLesson />}
      {geometry && panel !== 'view' && panel !== 'lesson' && <PickedPanel {...{ panel, input, geometry, set, scales }} />}
    </section>
  );
}

interface PickedProps extends SidePanelProps {
  readonly geometry: MatrixGeometry;
  readonly panel: Exclude<PanelName, 'lesson' | 'view'>;
}

function PickedPanel({ panel, input, geometry, set, scales }: PickedProps) {
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
