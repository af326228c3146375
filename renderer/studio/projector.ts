// Projector mode: large type, high contrast, big targets, for the whole window. Kept on this machine, as the theme is.
import { createStore } from './state';
import { addUndoable } from './undo/parts';
import './projector.css';

const KEY = 'repmlp-projector';

export const projector = createStore<{ readonly on: boolean }>(() => ({ on: globalThis.localStorage?.getItem(KEY) === 'on' }));

addUndoable({
  name: 'projector',
  stage: null,
  says: 'projector mode',
  now: () => projector.getState(),
  show: (kept) => {
    if (projector.getState().on !== (kept as { readonly on: boolean }).on) toggleProjector();
  },
});

export function toggleProjector(): void {
  const on = !projector.getState().on;
  projector.setState({ on });
  globalThis.localStorage?.setItem(KEY, on ? 'on' : 'off');
  showProjector();
}

/** Follows the choice that was kept. */
export function showProjector(): void {
  if (typeof document === 'undefined') return;
  if (projector.getState().on) document.documentElement.dataset.projector = '';
  else delete document.documentElement.dataset.projector;
}
