// The door of the model stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { modelCommands } from './commands';

export const modelStage: StageDoor = {
  stage: 'model',
  commands: Object.values(modelCommands),
  view: async () => (await import('./ModelView')).ModelView,
};
