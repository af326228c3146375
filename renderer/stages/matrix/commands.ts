// Commands of the matrix explorer, for palette, menus and shortcuts. Cell by cell movement is in stages/matrix/panes/keys.ts,
// since it only makes sense while the panes have the focus.
import type { Command } from '../../studio/command';
import { navigation } from '../../studio/navigation';
import { explorer, nextFlicker, panBy, resetCamera, zoomAtCursor, type Mode, type PanelName } from './explorer';
import { matricesInFocus, stepMatrix } from './weights-input';

const shown = (): boolean => navigation.getState().stage === 'matrix';
const several = (): boolean => shown() && matricesInFocus().length > 1;
/** Pixels of one pan. */
const PAN_STEP = 80;

function command(id: string, label: string, keys: string | undefined, run: () => unknown, when = shown): Command {
  return { id: `matrices-${id}`, label, group: 'Matrices', keys, when, run };
}

const modes: readonly (readonly [Mode, string])[] = [
  ['side', 'side by side'],
  ['split', 'with a split slider'],
  ['flicker', 'by flicker'],
];
const panels: readonly (readonly [PanelName, string])[] = [
  ['maps', 'the maps of the picked cell'],
  ['kernel', 'the kernel behind the picked cell'],
  ['figure5', 'figure 5 of the paper'],
  ['lesson', 'a kernel to play with'],
];

export const matrixCommands: readonly Command[] = [
  command('zoom-in', 'Zoom in', '=', () => zoomAtCursor(1.6)),
  command('zoom-out', 'Zoom out', '-', () => zoomAtCursor(1 / 1.6)),
  command('reset', 'Show the whole matrix', '0', resetCamera),
  command('pan-left', 'Pan left', 'Alt+ArrowLeft', () => panBy(PAN_STEP, 0)),
  command('pan-right', 'Pan right', 'Alt+ArrowRight', () => panBy(-PAN_STEP, 0)),
  command('pan-up', 'Pan up', 'Alt+ArrowUp', () => panBy(0, PAN_STEP)),
  command('pan-down', 'Pan down', 'Alt+ArrowDown', () => panBy(0, -PAN_STEP)),
  command('next-block', 'Next block, or next weight', ']', () => stepMatrix(1), several),
  command('previous-block', 'Previous block, or previous weight', '[', () => stepMatrix(-1), several),
  ...modes.map(([mode, text]) => command(`mode-${mode}`, `Compare ${text}`, undefined, () => explorer.setState({ mode }))),
  command('flip', 'Flip between before and after', 'F', nextFlicker, () => shown() && explorer.getState().mode === 'flicker'),
  ...panels.map(([panel, text]) => command(`panel-${panel}`, `Show ${text}`, undefined, () => explorer.setState({ panel }))),
];
