// Commands that start and control training.
import { isAblationOpen, isAblationUnderWay, resumeAblation, startAblation, stopAblation, variantsOf } from './ablation';
import { evaluateWeights, evaluation } from './evaluation/evaluation';
import { model } from '../model/model';
import { navigation } from '../../studio/navigation';
import { refreshRuns } from '../../studio/runs';
import { connection } from '../../studio/studio';
import { controlTraining, isActive, startTraining, training } from './training';
import type { Command } from '../../studio/command';

const connected = (): boolean => connection.getState().client !== null;
const onStage = (): boolean => navigation.getState().stage === 'training';
const isState = (state: 'running' | 'paused'): boolean => isActive() && training.getState().state === state;

/** Between two variants of an ablation no run is under way, but the next one's turn has come. */
const isFree = (): boolean => !isActive() && !isAblationUnderWay();

const canStart = (): boolean =>
  connected() && onStage() && isFree() && model.getState().spec !== null && training.getState().recipe !== null;
/** One step or epoch of the run that is paused, or the first one of a new run. */
const startOrGoOn = (action: 'step' | 'epoch'): Promise<void> => (isActive() ? controlTraining({ action }) : startTraining([{ action }]));

export const trainingCommands: readonly Command[] = [
  {
    id: 'start-training',
    label: 'Start training',
    group: 'Training',
    keys: 'Mod+Enter',
    when: canStart,
    run: () => startTraining(),
  },
  {
    id: 'pause-training',
    label: 'Pause training',
    group: 'Training',
    keys: 'P',
    when: () => isState('running') && onStage(),
    run: () => controlTraining({ action: 'pause' }),
  },
  {
    id: 'resume-training',
    label: 'Go on training',
    group: 'Training',
    keys: 'R',
    when: () => isState('paused') && onStage(),
    run: () => controlTraining({ action: 'resume' }),
  },
  {
    id: 'step-training',
    label: 'Train one step',
    group: 'Training',
    keys: 'S',
    when: () => (isState('paused') && onStage()) || canStart(),
    run: () => startOrGoOn('step'),
  },
  {
    id: 'epoch-training',
    label: 'Train one epoch',
    group: 'Training',
    keys: 'E',
    when: () => (isState('paused') && onStage()) || canStart(),
    run: () => startOrGoOn('epoch'),
  },
  {
    id: 'stop-training',
    label: 'Stop training',
    group: 'Training',
    keys: 'Mod+Shift+Backspace',
    when: () => isActive(),
    run: () => controlTraining({ action: 'stop' }),
  },
  {
    id: 'start-ablation',
    label: 'Train all variants of this network',
    group: 'Training',
    when: () => connected() && isFree() && training.getState().recipe !== null && variantsOf(model.getState().entry).length > 1,
    run: startAblation,
  },
  {
    id: 'stop-ablation',
    label: 'Stop the ablation',
    group: 'Training',
    when: () => connected() && isAblationUnderWay(),
    run: stopAblation,
  },
  {
    id: 'resume-ablation',
    label: 'Go on with the ablation',
    group: 'Training',
    when: () => connected() && isFree() && isAblationOpen(),
    run: resumeAblation,
  },
  {
    id: 'evaluate',
    label: 'Evaluate',
    group: 'Training',
    when: () => connected() && !evaluation.getState().busy,
    run: evaluateWeights,
  },
  { id: 'refresh-runs', label: 'Read the run list again', group: 'Training', when: connected, run: refreshRuns },
];
