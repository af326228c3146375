// The training stage: what the next run starts with, control of the one under way, its curves beside
// those of earlier runs.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { refreshRuns } from '../../studio/runs/runs';
import { connection } from '../../studio/studio';
import { training } from './training';
import { CommandButton, WaitReason } from '../../studio/CommandButton';
import { trainingCommands } from './commands';
import { Stage } from '../../studio/Stage';
import { AblationPanel } from './AblationPanel';
import { BundlePanel } from './BundlePanel';
import { Curves } from './runs/Curves';
import { EvaluatePanel } from './evaluation/EvaluatePanel';
import { NormsPanel } from './runs/NormsPanel';
import { Progress } from './Progress';
import { RecipePanel } from './RecipePanel';
import { RunList } from './runs/RunList';
import { BatchPanel, PredictionsPanel } from './samples/SamplesPanel';
import { SetupPanel } from './SetupPanel';
import '../../ui/samples.css';
import './training.css';

export function TrainingView() {
  const connected = useStore(connection, (state) => state.client !== null);
  useEffect(() => {
    if (connected) void attempt(refreshRuns);
  }, [connected]);
  return (
    <Stage name="training" tools={<Controls />}>
      <div className="columns side training-columns">
        <div className="stack">
          <WaitReason command={trainingCommands['start-training']} />
          <SetupPanel />
          <RecipePanel />
          <AblationPanel />
          <BundlePanel />
        </div>
        <div className="stack">
          <Curves />
          <Progress />
          <RunList />
          <NormsPanel />
          <EvaluatePanel />
          <PredictionsPanel />
          <BatchPanel />
        </div>
      </div>
    </Stage>
  );
}

function Controls() {
  const paused = useStore(training, (state) => state.state === 'paused');
  return (
    <>
      <CommandButton command={trainingCommands['start-training']} primary>
        Start
      </CommandButton>
      {paused ? (
        <CommandButton command={trainingCommands['resume-training']}>Go on</CommandButton>
      ) : (
        <CommandButton command={trainingCommands['pause-training']}>Pause</CommandButton>
      )}
      <CommandButton command={trainingCommands['step-training']}>One step</CommandButton>
      <CommandButton command={trainingCommands['epoch-training']}>One epoch</CommandButton>
      <CommandButton command={trainingCommands['stop-training']}>Stop</CommandButton>
    </>
  );
}
