// All commands of the window, in the order of the palette: the frame's own, which move about in it, then those of the stages;
// and the shortcuts that run them.
import { compareWith, comparison } from '../studio/network/comparison';
import { currentSubject } from '../studio/network/network';
import { learn } from '../stages/convolution';
import { goTo, navigation, showPalette, type Stage } from '../studio/navigation';
import { nextTheme } from '../studio/theme';
import { canRun, commandsOf, isMac, isPlainKey, matches, reasonToWait, type Command, type Deed } from '../studio/command';
import { stages } from './stages';
import { attempt, notify } from '../studio/notices';

const show = (stage: Stage): Deed => ({ run: () => goTo(stage) });

export const shellCommands = commandsOf('shell', {
  'go-home': show('home'),
  'go-convolution': show('convolution'),
  'go-dataset': show('dataset'),
  'go-model': show('model'),
  'go-training': show('training'),
  'go-merge': show('merge'),
  'go-matrix': show('matrix'),
  'go-pattern': show('pattern'),
  'go-cost': show('cost'),
  'go-figure': show('figure'),
  'go-checkpoint': show('checkpoint'),
  learn: { run: learn },
  'go-back': { run: () => window.history.back() },
  compare: { when: () => comparison.getState().subject === null, run: () => compareWith(currentSubject()) },
  palette: { run: () => showPalette(!navigation.getState().paletteOpen) },
  'next-theme': { run: nextTheme },
});

export const commands: readonly Command[] = [...Object.values(shellCommands), ...stages.flatMap((stage) => stage.commands)];

/** Listens for shortcuts on the window. Keys without a modifier do nothing while the user types or a control is focused that needs them. */
export function setUpKeyboard(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat) return;
    const asked = commands.filter(({ keys }) => keys && matches(keys, event, isMac()) && !(isPlainKey(keys) && takesText(event.target)));
    if (asked.length === 0) return;
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
