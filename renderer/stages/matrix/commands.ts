// Commands of the matrix explorer. Cell by cell movement is in panes/keys.ts, since it only makes sense while the panes
// have the focus.
import { commandsOf, type Deed } from '../../studio/command';
import { navigation } from '../../studio/navigation';
import { compareBy, explorer, isPanelOpen, nextFlicker, panBy, resetCamera, zoomAtCursor, type Mode, type PanelName } from './explorer';
import { askForShownMatrices, noFigureReason } from './as-figure';
import { matricesInFocus, stepMatrix } from './weights-input';

/** Pixels of one pan. */
const PAN_STEP = 80;

const shown = (): boolean => navigation.getState().stage === 'matrix';
const here = (run: () => unknown): Deed => ({ when: shown, run });
const step = (by: number): Deed => ({ when: () => shown() && matricesInFocus().length > 1, run: () => stepMatrix(by) });
const compare = (mode: Mode): Deed => here(() => compareBy(mode));
const open = (panel: PanelName): Deed => here(() => explorer.setState({ panel, panelOpen: true }));

/** The stage fills the screen, or leaves it again. */
async function fullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.querySelector('main')?.requestFullscreen();
}

export const matrixCommands = commandsOf('matrix', {
  'matrices-zoom-in': here(() => zoomAtCursor(1.6)),
  'matrices-zoom-out': here(() => zoomAtCursor(1 / 1.6)),
  'matrices-reset': here(resetCamera),
  'matrices-pan-left': here(() => panBy(PAN_STEP, 0)),
  'matrices-pan-right': here(() => panBy(-PAN_STEP, 0)),
  'matrices-pan-up': here(() => panBy(0, PAN_STEP)),
  'matrices-pan-down': here(() => panBy(0, -PAN_STEP)),
  'matrices-next-block': step(1),
  'matrices-previous-block': step(-1),
  'matrices-mode-side': compare('side'),
  'matrices-mode-split': compare('split'),
  'matrices-mode-flicker': compare('flicker'),
  'matrices-flip': { when: () => shown() && explorer.getState().mode === 'flicker', run: nextFlicker },
  'matrices-panel-maps': open('maps'),
  'matrices-panel-kernel': open('kernel'),
  'matrices-panel-figure5': open('figure5'),
  'matrices-panel-lesson': open('lesson'),
  'matrices-panel-view': open('view'),
  'matrices-panel-toggle': here(() => explorer.setState({ panelOpen: !isPanelOpen() })),
  'matrices-full-screen': here(fullScreen),
  'export-matrices-figure': { when: shown, waits: noFigureReason, run: askForShownMatrices },
});
