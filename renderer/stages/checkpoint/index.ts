// The door of the weights stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { checkpointCommands } from './commands';

export const checkpointStage: StageDoor = {
  stage: 'checkpoint',
  commands: Object.values(checkpointCommands),
  view: async () => (await import('./CheckpointView')).CheckpointView,
};
