// Commands that start and control training.
import { isAblationOpen, isAblationUnderWay, resumeAblation, startAblation, stopAblation, variantsOf } from './ablation';
import { evaluateWeights, evaluation } from './evaluation/evaluation';
import { network } from '../../studio/network/network';
import { navigation } from '../../studio/navigation';
import { refreshRuns } from '../../studio/runs/runs';
import { connection } from '../../studio/studio';
import { controlTraining, isActive, startTraining, training } from './training';
import { weights } from '../../studio/network/weights';
import { reasonNotToStart } from './start-reason';
import { commandsOf } from '../../studio/command';

const connected = (): boolean => connection.getState().client !== null;
const onStage = (): boolean => navigation.getState().stage === 'training';
const isState = (state: 'running' | 'paused'): boolean => isActive() && training.getState().state === state;

/** Between two variants of an ablation no run is under way, but the next one's turn has come. */
const isFree = (): boolean => !isActive() && !isAblationUnderWay();

const canStart = (): boolean => connected() && onStage() && isFree() && training.getState().recipe !== null;
/** A run that is paused goes on whatever the fields of the next one hold. */
const reasonNotToStartNew = (): string | null => (isActive() ? null : reasonNotToStart());
/** One step or epoch of the run that is paused, or the first one of a new run. */
const startOrGoOn = (action: 'step' | 'epoch'): Promise<void> => (isActive() ? controlTraining({ action }) : startTraining([{ action }]));

export const trainingCommands = commandsOf('training', {
  'start-training': {
    when: canStart,
    waits: reasonNotToStart,
    run: () => startTraining(),
  },
  'pause-training': {
    when: () => isState('running') && onStage(),
    run: () => controlTraining({ action: 'pause' }),
  },
  'resume-training': {
    when: () => isState('paused') && onStage(),
    run: () => controlTraining({ action: 'resume' }),
  },
  'step-training': {
    when: () => (isState('paused') && onStage()) || canStart(),
    waits: reasonNotToStartNew,
    run: () => startOrGoOn('step'),
  },
  'epoch-training': {
    when: () => (isState('paused') && onStage()) || canStart(),
    waits: reasonNotToStartNew,
    run: () => startOrGoOn('epoch'),
  },
  'stop-training': {
    when: () => isActive(),
    run: () => controlTraining({ action: 'stop' }),
  },
  'start-ablation': {
    when: () => connected() && isFree() && training.getState().recipe !== null && variantsOf(network.getState().entry).length > 1,
    waits: reasonNotToStart,
    run: startAblation,
  },
  'stop-ablation': {
    when: () => connected() && isAblationUnderWay(),
    run: stopAblation,
  },
  'resume-ablation': {
    when: () => connected() && isFree() && isAblationOpen(),
    run: resumeAblation,
  },
  evaluate: {
    when: () => connected() && weights.getState().inFocus && !evaluation.getState().busy,
    run: evaluateWeights,
  },
  'refresh-runs': { when: connected, run: refreshRuns },
});
