// The door of the training stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { trainingCommands } from './commands';
import { followAblation } from './ablation';
import { followActiveRun } from './training';

export { metricName } from '@shared/run/metric-names';
export { training } from './training';

export const trainingStage: StageDoor = {
  stage: 'training',
  commands: Object.values(trainingCommands),
  view: async () => (await import('./TrainingView')).TrainingView,
  follows: [followActiveRun, followAblation],
};
