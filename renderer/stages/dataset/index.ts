// The door of the dataset stage: all that the frame and other stages know of it.
import { openChosen } from './dataset';
import type { StageDoor } from '../../studio/stage-door';

export { chooseEmbedded, dataset, dataText, EMBEDDED } from './dataset';
export { reasonNotToTrain } from './fit';
export { ChosenFitNote } from './FitNote';
export { classColour } from '@shared/dataset/sample-pixels';

export const datasetStage: StageDoor = {
  stage: 'dataset',
  commands: [],
  follows: [openChosen],
  view: async () => (await import('./DatasetView')).DatasetView,
};
