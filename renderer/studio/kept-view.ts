// What a stage shows, over a reload: chosen fields of its store, kept for this window alone. Invariant: what was kept by
// another version of the program, or by anybody else, is taken only where the schema knows it.
import type { z } from 'zod';
import type { Store } from './state';

/** Gives a store back the fields of `schema` as they were before the window was reloaded, and keeps them from now on. */
export function keepView<State extends object, Kept extends Partial<State>>(
  name: string,
  store: Store<State>,
  schema: z.ZodType<Kept>,
): void {
  // Without a window, in tests, there is nothing to come back to.
  if (typeof sessionStorage === 'undefined') return;
  const key = `repmlp-view-${name}`;
  const kept = read(key, schema);
  if (kept) store.setState(kept);
  store.subscribe((state, before) => {
    const now = schema.safeParse(state).data;
    if (now === undefined) return;
    const text = JSON.stringify(now);
    if (text !== JSON.stringify(schema.safeParse(before).data)) sessionStorage.setItem(key, text);
  });
}

function read<Kept>(key: string, schema: z.ZodType<Kept>): Kept | null {
  try {
    return schema.parse(JSON.parse(sessionStorage.getItem(key) ?? 'null'));
  } catch {
    return null;
  }
}
