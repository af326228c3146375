// What a stage shows, over a reload, and on the desktop over the program's end: chosen fields of its store. Invariant: what was kept by
// another version of the program, or by anybody else, is taken only where the schema knows it.
import type { z } from 'zod';
import { STAGE_TEXT, type Stage } from './navigation';
import { keptTexts } from './kept-text';
import type { Store } from './state';
import { addUndoable } from './undo/parts';

interface KeptView<Kept> {
  /** What the fields are, in the sentence "Undone: …"; null where undo leaves them alone. */
  readonly says: string | null;
  /** Shows fields again where more hangs on them than the store; the store takes them otherwise. */
  readonly show?: (kept: Kept) => unknown;
  /** Whether they change by themselves now, as what is played does. */
  readonly moves?: () => boolean;
}

/** Gives a store back the fields of `schema` as they were before the window was reloaded, keeps them from now on, and has undo take their changes back. */
export function keepView<State extends object, Kept extends Partial<State>>(
  name: string,
  store: Store<State>,
  schema: z.ZodType<Kept>,
  { says, show, moves }: KeptView<Kept> = { says: 'settings' },
): void {
  if (says !== null)
    addUndoable({
      name: `kept:${name}`,
      stage: name in STAGE_TEXT ? (name as Stage) : null,
      says,
      now: () => (moves?.() ? undefined : schema.safeParse(store.getState()).data),
      show: (kept) => {
        const { data } = schema.safeParse(kept);
        if (data !== undefined) return show ? show(data) : store.setState(data);
      },
    });
  // Without a window, in tests, there is nothing to come back to.
  if (typeof sessionStorage === 'undefined') return;
  const key = `repmlp-view-${name}`;
  const kept = read(key, schema);
  if (kept) store.setState(kept);
  store.subscribe((state, before) => {
    const now = schema.safeParse(state).data;
    if (now === undefined) return;
    const text = JSON.stringify(now);
    if (text !== JSON.stringify(schema.safeParse(before).data)) keptTexts.write(key, text);
  });
}

function read<Kept>(key: string, schema: z.ZodType<Kept>): Kept | null {
  try {
    return schema.parse(JSON.parse(keptTexts.read(key) ?? 'null'));
  } catch {
    return null;
  }
}
