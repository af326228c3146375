// A command: one record that feeds buttons, palette, menus and shortcuts. Invariant: ids are unique
// and are the test ids of the buttons that run them.

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** `Mod` is Ctrl, or Cmd on a Mac; e.g. `Mod+K`, `Alt+1`, `Space`. */
  readonly keys?: string;
  /** Whether it can run now; always when missing. */
  readonly when?: () => boolean;
  readonly run: () => unknown;
}

export function canRun(command: Command): boolean {
  return command.when?.() ?? true;
}

interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether a key press is this combination. Digits and letters are matched by place, so that Alt+1 works on a Mac too. */
export function matches(keys: string, press: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts[parts.length - 1];
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  return (
    parts.includes('Mod') === mod &&
    !otherMod &&
    parts.includes('Alt') === press.altKey &&
    parts.includes('Shift') === press.shiftKey &&
    isKey(key, press)
  );
}

function isKey(key: string, press: KeyPress): boolean {
  return press.key.toLowerCase() === key.toLowerCase() || press.code === `Digit${key}` || press.code === `Key${key}` || press.code === key;
}

/** Keys as the platform writes them. */
export function keysText(keys: string, mac: boolean): string {
  return mac ? keys.replace('Mod+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧') : keys.replace('Mod', 'Ctrl');
}

/** Shortcuts without a modifier stay out of text fields. */
export function isPlainKey(keys: string): boolean {
  return !keys.includes('Mod') && !keys.includes('Alt');
}
