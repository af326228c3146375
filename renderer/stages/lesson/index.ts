// The door of the lessons stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { lessonCommands, openLink } from './commands';
import { listLessons } from './as-job';
import { loadShelf } from './lesson';

export { followLinks, openLessonFiles } from './commands';
export { lessons } from './lesson';
export { lendCommands } from './run-command';

/** Loads the panel when a lesson is first opened. */
export const lessonPanel = async () => (await import('./panel/LessonPanel')).LessonPanel;

// From the first moment on: a reload goes on with the lesson that was open.
listLessons();

export const lessonStage: StageDoor = {
  stage: 'lesson',
  commands: Object.values(lessonCommands),
  view: async () => (await import('./LessonsView')).LessonsView,
  follows: [loadShelf, openLink],
};
