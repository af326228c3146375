// The door of the first screen: all that the frame knows of it.
import type { StageDoor } from '../../studio/stage-door';

export const startStage: StageDoor = {
  stage: 'start',
  commands: [],
  view: async () => (await import('./StartView')).StartView,
};
