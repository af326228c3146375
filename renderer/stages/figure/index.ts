// The door of the export stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { figureCommands } from './commands';

export const figureStage: StageDoor = {
  stage: 'figure',
  commands: Object.values(figureCommands),
  view: async () => (await import('./FigureView')).FigureView,
};
