// The merge of one block step by step, as the paper tells it, each step an equation between its arrays.
import { SaveFigureButton } from '../../studio/SaveFigureButton';
import { useEffect } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import { useLook } from '../../studio/looks';
import { attempt } from '../../studio/notices';
import { stepsOfKey } from './keyed-steps';
import { StepButtons } from './StepButtons';
import { loadSteps, steps, stepsKey, walk } from './steps';
import { askedStep, takeAskedStep } from '../../studio/asked-step';
import { connection } from '../../studio/studio';
import { weights } from '../../studio/network/weights';
import { Segments } from '../../ui/controls';
import { Panel } from '../../studio/Stage';
import { Equation, type Scaling } from './Equation';
import type { ShownStep } from '@shared/merge/equation';

export function StepWalk() {
  const { reference, block } = useStore(weights);
  const connected = useStore(connection, (state) => state.client !== null);
  const known = useStore(steps);
  const stepId = useStore(walk, ({ step }) => step);
  const asked = useStore(askedStep, (state) => state.id);
  useEffect(() => {
    const id = takeAskedStep();
    if (id !== null) walk.setState({ step: id });
  }, [asked]);
  useEffect(() => {
    if (connected && block !== null) void attempt(() => loadSteps(reference, block));
  }, [connected, reference, block]);
  if (block === null) return null;
  const { list, problem } = stepsOfKey(known, stepsKey(reference, block));
  const index = list
    ? Math.max(
        0,
        list.findIndex(({ id }) => id === stepId),
      )
    : 0;
  return (
    <Panel title="Step by step" says={block || 'the whole network'} testId="merge-steps">
      <div className="stack">
        {problem && <p className="says-error">{problem}</p>}
        {!list && !problem && <p className="faint">Computing the steps</p>}
        {list && <StepButtons list={list} index={index} onChange={(next) => walk.setState({ step: list[next].id })} testId="step" />}
        {list && <OneStep step={list[index]} />}
      </div>
    </Panel>
  );
}

function OneStep({ step }: { readonly step: ShownStep }) {
  const [scaling, setScaling] = useLook(SCALING);
  return (
    <>
      <div className="row">
        <strong>{step.title}</strong>
        <code>{step.formula}</code>
        <div className="row push">
          <Segments label="Colour scales" value={scaling} options={SCALINGS} onChange={setScaling} testId="step-scaling" />
          <SaveFigureButton
            testId="figure-of-merge-equation"
            what="this step"
            asked={() => ({ kind: 'merge-equation', change: { step: step.id, scaling } })}
          />
        </div>
      </div>
      <Equation step={step} scaling={scaling} />
    </>
  );
}

const SCALINGS = [
  ['own', 'Each its own colours'],
  ['one', 'One scale'],
] as const;
const SCALING = { stage: 'merge', name: 'scaling', schema: z.enum(['own', 'one']), first: 'own' as Scaling } as const;
