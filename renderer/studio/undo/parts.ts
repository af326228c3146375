// The parts of the window's state that undo takes back: every setting and every view, each by its name, as plain data. Views
// that are kept over a reload (kept-view.ts) and places of the window's history (deep-view.ts) are parts by themselves;
// others say so with `addUndoable`. Invariant: what `now` gives can be written as JSON and shown again.
import type { Stage } from '../navigation';
import type { Store } from '../state';

export interface UndoablePart {
  readonly name: string;
  /** Where a change of it is seen; null where it is seen everywhere. */
  readonly stage: Stage | null;
  /** What it is, in the sentence "Undone: …". */
  readonly says: string;
  /** As it is now; undefined while that is not known, or while it changes by itself. */
  readonly now: () => unknown;
  readonly show: (kept: unknown) => unknown;
  /** Fields that come and go with the pointer, say: alone they are no change. */
  readonly passing?: readonly string[];
  /** Whether a change is the program's own, that finds out what was chosen before. */
  readonly settles?: (before: unknown, after: unknown) => boolean;
}

const parts = new Map<string, UndoablePart>();

/** Has undo take back the changes of a part from now on. */
export function addUndoable(part: UndoablePart): void {
  parts.set(part.name, part);
}

/** All parts; what is seen everywhere (the network) first, for the others are about it. */
export function undoableParts(): readonly UndoablePart[] {
  const all = [...parts.values()];
  return [...all.filter(({ stage }) => stage === null), ...all.filter(({ stage }) => stage !== null)];
}

/** Has undo take back fields of a store that nothing else hangs on. */
export function addUndoableFields<State extends object>(
  part: Pick<UndoablePart, 'name' | 'stage' | 'says'>,
  store: Store<State>,
  fields: readonly (keyof State & string)[],
): void {
  addUndoable({
    ...part,
    now: () => {
      const state = store.getState();
      return Object.fromEntries(fields.map((field) => [field, state[field]]));
    },
    show: (kept) => store.setState(kept as Partial<State>),
  });
}
