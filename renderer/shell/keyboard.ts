// The shortcuts of the window. Invariant: a key that is a command's counts from the first moment on: what is pressed before the
// commands are loaded is run when they are.
import { allCommandRecords, type CommandRecord } from '@shared/link/commands';
import { canRun, isMac, isPlainKey, matches, reasonToWait, type Command } from '../studio/command';
import { attempt, notify } from '../studio/notices';
import { hasOwnUndo } from '../studio/undo/text-fields';
import { loadedWhole, loadWhole } from './load-whole';

/** Listens for shortcuts on the window. Keys without a modifier do nothing while the user types or a control is focused that needs them. */
export function setUpKeyboard(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat) return;
    const asked = (record: CommandRecord): boolean =>
      record.keys !== undefined && matches(record.keys, event, isMac()) && !(isPlainKey(record.keys) && takesText(event.target));
    const records = allCommandRecords.filter(asked);
    // The browser does it, as in any field.
    const isTextUndo = records.some(({ id }) => id === 'undo' || id === 'redo') && hasOwnUndo(event.target);
    if (records.length === 0 || isTextUndo) return;
    takeFieldInFocus();
    const whole = loadedWhole();
    if (whole && !runFirst(whole.commands.filter(asked))) return;
    event.preventDefault();
    if (!whole) void attempt(async () => void runFirst((await loadWhole()).commands.filter(asked)));
  });
}

/** Runs the first command that can run, or says why one waits; whether there was anything to do. */
function runFirst(asked: readonly Command[]): boolean {
  const command = asked.find(canRun);
  const waits = command ? null : asked.map(reasonToWait).find((reason) => reason !== null);
  if (command) void attempt(command.run);
  else if (waits) notify('warning', waits);
  return command !== undefined || (waits ?? null) !== null;
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
