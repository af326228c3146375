// The door of the cost stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { costCommands } from './commands';

export { cost } from './cost';

export const costStage: StageDoor = {
  stage: 'cost',
  commands: Object.values(costCommands),
  view: async () => (await import('./CostView')).CostView,
};
