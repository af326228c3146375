// The door of the merge stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { mergeCommands } from './commands';

export { judgeMerged, merge, runMerge } from './merge';

export const mergeStage: StageDoor = {
  stage: 'merge',
  commands: Object.values(mergeCommands),
  view: async () => (await import('./MergeView')).MergeView,
};
