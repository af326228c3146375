// Shortcuts: one listener that looks the key press up in the command list.
import { attempt } from '../studio/notices';
import { canRun, isMac, isPlainKey, matches } from '../studio/command';
import { commands } from './commands';

/** Listens for shortcuts on the window. Keys without a modifier do nothing while the user types or a control is focused that needs them. */
export function setUpKeyboard(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat) return;
    const command = commands.find(
      ({ keys, ...rest }) =>
        keys && matches(keys, event, isMac()) && !(isPlainKey(keys) && takesText(event.target)) && canRun({ keys, ...rest }),
    );
    if (!command) return;
    event.preventDefault();
    void attempt(command.run);
  });
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName));
}
