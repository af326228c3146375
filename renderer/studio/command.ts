// A command: its record, which feeds buttons, palette, menus and shortcuts, with what it does. Invariant: every record
// has its deed.
import { COMMAND_RECORDS, type CommandId, type CommandOwner, type CommandRecord } from '@shared/link/commands';

/** What a command does. */
export interface Deed {
  /** Whether it can run now; always when missing. */
  readonly when?: () => boolean;
  /** Why it waits though it belongs here: what has to be put right first; null when nothing has. */
  readonly waits?: () => string | null;
  readonly run: () => unknown;
}

export type Command = CommandRecord & Deed;

/** The commands of a stage, or of the frame, by id: each record with its deed. */
export type CommandsOf<Owner extends CommandOwner> = Readonly<Record<CommandId<Owner>, Command>>;

/** Joins an owner's records with what they do, in the order of the records. */
export function commandsOf<Owner extends CommandOwner>(owner: Owner, deeds: Readonly<Record<CommandId<Owner>, Deed>>): CommandsOf<Owner> {
  const records: readonly (CommandRecord & { readonly id: CommandId<Owner> })[] = COMMAND_RECORDS[owner];
  return Object.fromEntries(records.map((record) => [record.id, { ...record, ...told(record.id, deeds[record.id]) }])) as CommandsOf<Owner>;
}

const watchers = new Set<(id: string) => void>();

/** Calls `watcher` with the id of every command that is run, by whatever way, once it is done; returns the function that ends it. */
export function watchCommands(watcher: (id: string) => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

function told(id: string, deed: Deed): Deed {
  const tell = (): void => watchers.forEach((watcher) => watcher(id));
  const run = (): unknown => {
    const result = deed.run();
    if (result instanceof Promise) return result.then(tell);
    tell();
    return result;
  };
  return { ...deed, run };
}

/** Why a command waits; null where it does not, or does not belong here now. */
export function reasonToWait({ when, waits }: Deed): string | null {
  return (when?.() ?? true) ? (waits?.() ?? null) : null;
}

export function canRun(command: Command): boolean {
  return (command.when?.() ?? true) && reasonToWait(command) === null;
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

export function isMac(): boolean {
  return /mac/i.test(globalThis.navigator?.userAgent ?? '');
}
