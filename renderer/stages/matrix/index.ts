// The door of the matrices stage: all that the frame and other stages know of it.
import type { StageDoor } from '../../studio/stage-door';
import { matrixCommands } from './commands';
// Compares with network B from the first moment on, shown or not.
import './follow-comparison';
import './kept';

export { mergedWeight } from './kernel-map';
export { cellAt, cellAtDistance, cellOfDisplacement, showCell, showMatrices, showTensor } from './link';

export const matrixStage: StageDoor = {
  stage: 'matrix',
  commands: Object.values(matrixCommands),
  view: async () => (await import('./MatrixView')).MatrixView,
};
