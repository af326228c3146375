// Commands of the matrix explorer. Cell by cell movement is in panes/keys.ts, since it only makes sense while the panes
// have the focus.
import { commandsOf, type Deed } from '../../studio/command';
import { navigation } from '../../studio/navigation';
import { explorer, nextFlicker, panBy, resetCamera, zoomAtCursor, type Explorer } from './explorer';
import { matricesInFocus, stepMatrix } from './weights-input';

/** Pixels of one pan. */
const PAN_STEP = 80;

const shown = (): boolean => navigation.getState().stage === 'matrix';
const here = (run: () => unknown): Deed => ({ when: shown, run });
const step = (by: number): Deed => ({ when: () => shown() && matricesInFocus().length > 1, run: () => stepMatrix(by) });
const choose = (choice: Partial<Explorer>): Deed => here(() => explorer.setState(choice));

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
  'matrices-mode-side': choose({ mode: 'side' }),
  'matrices-mode-split': choose({ mode: 'split' }),
  'matrices-mode-flicker': choose({ mode: 'flicker' }),
  'matrices-flip': { when: () => shown() && explorer.getState().mode === 'flicker', run: nextFlicker },
  'matrices-panel-maps': choose({ panel: 'maps' }),
  'matrices-panel-kernel': choose({ panel: 'kernel' }),
  'matrices-panel-figure5': choose({ panel: 'figure5' }),
  'matrices-panel-lesson': choose({ panel: 'lesson' }),
});
