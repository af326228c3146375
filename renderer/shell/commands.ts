// All commands of the window, in the order of the palette: the frame's own, which move about in it, then those of the stages;
// and the shortcuts that run them.
import { compareWith, comparison } from '../studio/network/comparison';
import { currentSubject } from '../studio/network/network';
import { helpInPlace } from '../studio/help/help';
import { jobs, showJobs } from '../studio/jobs/jobs';
import { learn } from '../stages/convolution';
import { lendCommands } from '../stages/lesson';
import { goTo, navigation, showPalette, type Stage } from '../studio/navigation';
import { nextTheme } from '../studio/theme';
import { canRun, commandsOf, isMac, isPlainKey, matches, reasonToWait, type Command, type Deed } from '../studio/command';
import { canRedo, canUndo, redo, undo } from '../studio/undo/undo';
import { hasOwnUndo } from '../studio/undo/text-fields';
import { stages } from './stages';
import { attempt, notify } from '../studio/notices';

/** A text field that has the focus takes back what was typed into it; otherwise a setting or view goes. */
function stepOrText(way: 'undo' | 'redo', can: () => boolean, step: () => Promise<void>): Deed {
  const inText = (): boolean => typeof document !== 'undefined' && hasOwnUndo(document.activeElement);
  return {
    when: () => inText() || can(),
    run: () => (inText() ? document.execCommand(way) : step()),
  };
}

const show = (stage: Stage): Deed => ({ run: () => goTo(stage) });

export const shellCommands = commandsOf('shell', {
  'go-home': show('home'),
  'go-lesson': show('lesson'),
  'go-convolution': show('convolution'),
  help: { run: helpInPlace },
  'go-dataset': show('dataset'),
  'go-model': show('model'),
  'go-training': show('training'),
  'go-merge': show('merge'),
  'go-matrix': show('matrix'),
  'go-pattern': show('pattern'),
  'go-cost': show('cost'),
  'go-figure': show('figure'),
  'go-checkpoint': show('checkpoint'),
  'go-settings': show('settings'),
  learn: { run: learn },
  'go-back': { run: () => window.history.back() },
  compare: { when: () => comparison.getState().subject === null, run: () => compareWith(currentSubject()) },
  palette: { run: () => showPalette(!navigation.getState().paletteOpen) },
  undo: stepOrText('undo', canUndo, undo),
  redo: stepOrText('redo', canRedo, redo),
  jobs: { run: () => showJobs(!jobs.getState().panelOpen) },
  'next-theme': { run: nextTheme },
});

export const commands: readonly Command[] = [...Object.values(shellCommands), ...stages.flatMap((stage) => stage.commands)];
lendCommands(commands);

/** Listens for shortcuts on the window. Keys without a modifier do nothing while the user types or a control is focused that needs them. */
export function setUpKeyboard(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat) return;
    const asked = commands.filter(({ keys }) => keys && matches(keys, event, isMac()) && !(isPlainKey(keys) && takesText(event.target)));
    // The browser does it, as in any field.
    const isTextUndo = asked.some(({ id }) => id === 'undo' || id === 'redo') && hasOwnUndo(event.target);
    if (asked.length === 0 || isTextUndo) return;
    takeFieldInFocus();
    const command = asked.find(canRun);
    const waits = command ? null : asked.map(reasonToWait).find((reason) => reason !== null);
    if (!command && !waits) return;
    event.preventDefault();
    if (command) void attempt(command.run);
    else if (waits) notify('warning', waits);
  });
}

/** What stands in a field counts before a command is run from it: fields take their text when they lose the focus. */
function takeFieldInFocus(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.blur();
  field.focus();
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));
}
