// The door of the convolution stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { convolutionCommands } from './commands';

export { learn } from './commands';
export { shown as convolution, showScene, showWrittenScene } from './scene';

export const convolutionStage: StageDoor = {
  stage: 'convolution',
  commands: Object.values(convolutionCommands),
  view: async () => (await import('./ConvolutionView')).ConvolutionView,
};
