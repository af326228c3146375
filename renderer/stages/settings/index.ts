// The door of the settings stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { readSettings, settings } from '../../studio/settings';
import { training } from '../training';

/** The backend chosen for new trainings follows the setting, unless another one was chosen for the next. */
settings.subscribe(({ state }, { state: before }) => {
  const backend = state?.settings.backend;
  if (backend !== undefined && training.getState().choice === (before?.settings.backend ?? 'auto')) training.setState({ choice: backend });
});

export const settingsStage: StageDoor = {
  stage: 'settings',
  commands: [],
  view: async () => (await import('./SettingsView')).SettingsView,
  follows: [readSettings],
};
