// The door of the first screen: all that the frame knows of it. Its view is there at once.
import type { StageDoor } from '../../studio/stage-door';
import { HomeView } from './HomeView';

export const homeStage: StageDoor = {
  stage: 'home',
  commands: [],
  view: () => Promise.resolve(HomeView),
};
