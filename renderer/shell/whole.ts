// What the window loads once its first screen stands: every stage with its commands, the palette, and what the frame shows of
// stages. Invariant: nothing that the first picture takes imports this, or what stands here, but by `loadWhole`.
export { commands } from './commands';
export { stages } from './stages';
export { followLinks, openLessonFiles } from '../stages/lesson';
export { LessonBeside } from './LessonBeside';
export { NextStepBar } from './NextStepBar';
export { Palette } from './Palette';
export { RunInStatus } from './RunInStatus';
