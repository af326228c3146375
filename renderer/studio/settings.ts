// What the user set for the whole program, as the service keeps it; and what follows from it in the window.
import type { Settings, SettingsState } from '@shared/link/settings';
import { createStore } from './state';
import { studio } from './studio';
import { addUndoable } from './undo/parts';

export const settings = createStore<{ readonly state: SettingsState | null }>(() => ({ state: null }));

/** Asks the service what is set. */
export async function readSettings(): Promise<void> {
  settings.setState({ state: await studio().app.settings.read() });
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  settings.setState({ state: await studio().app.settings.change(change) });
}

export async function resetSettings(): Promise<void> {
  settings.setState({ state: await studio().app.settings.reset() });
}

addUndoable({
  name: 'settings',
  stage: 'settings',
  says: 'settings',
  now: () => settings.getState().state?.settings,
  show: (kept) => changeSettings(kept as Settings),
});
