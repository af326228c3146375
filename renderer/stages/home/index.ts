// The door of the first screen: all that the frame knows of it.
import type { StageDoor } from '../../studio/stage-door';

export const homeStage: StageDoor = {
  stage: 'home',
  commands: [],
  view: async () => (await import('./HomeView')).HomeView,
};
