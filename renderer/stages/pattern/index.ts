// The door of the patterns stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { patternCommands } from './commands';

export { shownDetail } from './detail';

export const patternStage: StageDoor = {
  stage: 'pattern',
  commands: Object.values(patternCommands),
  view: async () => (await import('./PatternView')).PatternView,
};
