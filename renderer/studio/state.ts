// What the window's stores are made with. Invariant: whoever subscribes here hears of a change in any of them, so that
// what a command's `when` looks at needs no list.
import { createStore as createZustandStore, type StoreApi } from 'zustand/vanilla';

export type Store<T> = StoreApi<T>;

const listeners = new Set<() => void>();

/** A store that begins with what `initial` returns. */
export function createStore<T extends object>(initial: () => T): Store<T> {
  const store = createZustandStore<T>()(initial);
  store.subscribe(() => listeners.forEach((listener) => listener()));
  return store;
}

/** Calls `listener` after any change of any store; returns the function that ends it. */
export function subscribeToState(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
