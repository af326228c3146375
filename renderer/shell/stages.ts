// The stages of the window, each by its door, in the order of their commands.
import { checkpointStage } from '../stages/checkpoint';
import { convolutionStage } from '../stages/convolution';
import { lessonStage } from '../stages/lesson';
import { costStage } from '../stages/cost';
import { datasetStage } from '../stages/dataset';
import { figureStage } from '../stages/figure';
import { matrixStage } from '../stages/matrix';
import { mergeStage } from '../stages/merge';
import { modelStage } from '../stages/model';
import { patternStage } from '../stages/pattern';
import { settingsStage } from '../stages/settings';
import { homeStage } from '../stages/home';
import { trainingStage } from '../stages/training';
import type { StageDoor } from '../studio/stage-door';

export const stages: readonly StageDoor[] = [
  homeStage,
  convolutionStage,
  lessonStage,
  datasetStage,
  modelStage,
  trainingStage,
  mergeStage,
  matrixStage,
  checkpointStage,
  figureStage,
  patternStage,
  costStage,
  settingsStage,
];
