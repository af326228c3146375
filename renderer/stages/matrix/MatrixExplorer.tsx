// The explorer for any three matrices on one camera: panes, legend, readout and the panels. Its controls (Tools) stand in
// the head of the stage.
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand/react';
import { EpochScrubber } from './Compare';
import { explorer, layoutOf, PANES, startPicture, type PaneId } from './explorer';
import { Legend } from './panes/Legend';
import { MatrixCanvas } from './panes/MatrixCanvas';
import { panesOf, useMatrixSet, useStatuses, type ExplorerInput, type MatrixSet } from './matrix-set';
import { pictureSize } from '@shared/matrix/layout';
import { SidePanel } from './panels/SidePanel';
import { Readout } from './panes/Readout';
import { scalesOf, sharedStatistics } from './panes/scales';
import { useExplorer, usePanelOpen } from './useExplorer';
import type { Colouring } from '@shared/colour/colouring';
import './foot.css';
import './matrix.css';

export function MatrixExplorer({ input }: { readonly input: ExplorerInput }) {
  const name = useStore(explorer, (state) => state.layout);
  const layout = useMemo(() => layoutOf(name, input.geometry), [name, input.geometry]);
  const set = useMatrixSet(input, layout);
  useEffect(() => startPicture(pictureSize(layout, input.rows, input.columns), name), [input, layout]);
  return (
    <div className="matrices" data-testid="stage-matrix">
      {set && <LoadedExplorer input={input} set={set} />}
    </div>
  );
}

type Statuses = ReturnType<typeof useStatuses>;

/** The colour scale of each pane. Statuses change with every progress report; scales depend on parts of them only. */
function useScales(statuses: Statuses): Record<PaneId, Colouring> {
  const chosen = useExplorer('map', 'transform', 'magnitude', 'limits', 'markClipped', 'shared');
  const { map, transform, magnitude, limits, markClipped, shared } = chosen;
  const all = PANES.map((id) => statuses[id]);
  return useMemo(() => {
    const list = scalesOf(chosen, all);
    return Object.fromEntries(PANES.map((id, n) => [id, list[n]])) as Record<PaneId, Colouring>;
  }, [map, transform, magnitude, limits, markClipped, shared, ...all.flatMap(({ statistics, extremes }) => [statistics, extremes])]);
}

function LoadedExplorer({ input, set }: { readonly input: ExplorerInput; readonly set: MatrixSet }) {
  const statuses = useStatuses(set);
  const { shared } = useExplorer('shared');
  const panelOpen = usePanelOpen();
  const scales = useScales(statuses);
  const all = PANES.map((id) => statuses[id]);
  const together = useMemo(
    () => sharedStatistics(all),
    all.map(({ statistics }) => statistics),
  );
  return (
    <>
      <div className="matrix-middle">
        <MatrixCanvas input={input} set={set} statuses={statuses} scales={scales} />
        {panelOpen && <SidePanel input={input} geometry={input.geometry} set={set} scales={scales} />}
      </div>
      <footer className="matrix-foot">
        <EpochScrubber />
        <Readout input={input} set={set} scales={scales} />
        <div className="legends">
          {shared ? (
            <Legend title={panesOf(input).length === 1 ? input.title : 'All panes, one scale'} scale={scales.after} statistics={together} />
          ) : (
            panesOf(input).map((id) => (
              <Legend key={id} title={input.panes[id]?.short ?? id} scale={scales[id]} statistics={statuses[id].statistics} />
            ))
          )}
        </div>
      </footer>
    </>
  );
}
