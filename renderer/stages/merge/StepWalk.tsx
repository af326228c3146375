// The merge of one block step by step, as the paper tells it, with the arrays before and after each
// step on one scale, vectors on another.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { shapeText } from '@shared/tensor/tensor';
import { attempt } from '../../studio/notices';
import { loadSteps, steps, stepsKey } from './steps';
import { askedStep, takeAskedStep } from '../../studio/asked-step';
import { connection } from '../../studio/studio';
import { weights } from '../../studio/weights';
import { measured } from '../../ui/format';
import { HeatMap, ScaleBar, type Range } from '../../ui/HeatMap';
import { Chevron } from '../../studio/icons';
import { Panel } from '../../studio/Stage';
import type { ShownArray, ShownStep } from '../../workers/analysis/protocol';

const NOTHING = { list: null, problem: null };

export function StepWalk() {
  const { reference, block } = useStore(weights);
  const connected = useStore(connection, (state) => state.client !== null);
  const known = useStore(steps);
  // A step is kept by its name: the next block may have others before it.
  const [stepId, setStepId] = useState<string | null>(null);
  const asked = useStore(askedStep, (state) => state.id);
  useEffect(() => {
    const id = takeAskedStep();
    if (id !== null) setStepId(id);
  }, [asked]);
  useEffect(() => {
    if (connected && block !== null) void attempt(() => loadSteps(reference, block));
  }, [connected, reference, block]);
  if (block === null) return null;
  // Until its own steps are asked for, the last block's stand in the store.
  const { list, problem } = known.key === stepsKey(reference, block) ? known : NOTHING;
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
        {list && <StepButtons list={list} index={index} onChange={(next) => setStepId(list[next].id)} />}
        {list && <OneStep step={list[index]} />}
      </div>
    </Panel>
  );
}

interface StepButtonsProps {
  readonly list: readonly ShownStep[];
  readonly index: number;
  readonly onChange: (index: number) => void;
}

function StepButtons({ list, index, onChange }: StepButtonsProps) {
  return (
    <div className="steps" role="group" aria-label="Steps">
      {list.map((step, i) => (
        <button
          key={step.id}
          type="button"
          className="step-button"
          aria-current={i === index ? 'step' : undefined}
          data-testid={`step-${step.id}`}
          onClick={() => onChange(i)}
        >
          {`${i + 1}  ${step.title}`}
        </button>
      ))}
      <button type="button" className="button quiet" disabled={index === 0} onClick={() => onChange(index - 1)}>
        Back
      </button>
      <button
        type="button"
        className="button quiet"
        data-testid="next-step"
        disabled={index === list.length - 1}
        onClick={() => onChange(index + 1)}
      >
        Next
      </button>
    </div>
  );
}

/** Weights are compared with weights, factors and biases with their like: a factor of 2 would leave matrices of 0.1 blank. */
interface Ranges {
  readonly weights: Range | null;
  readonly vectors: Range | null;
}

function rangesOf({ before, after }: ShownStep): Ranges {
  const arrays = [...before, ...after];
  return { weights: rangeOf(arrays.filter((array) => !isVector(array))), vectors: rangeOf(arrays.filter(isVector)) };
}

function rangeOf(arrays: readonly ShownArray[]): Range | null {
  const limit = Math.max(...arrays.map(({ picture }) => picture.largest));
  return arrays.length === 0 ? null : [-limit, limit];
}

function isVector({ shape }: ShownArray): boolean {
  return shape.length === 1;
}

function LabelledBar({ label, range }: { readonly label: string; readonly range: Range | null }) {
  return (
    range && (
      <span className="row faint">
        {label}
        <ScaleBar range={range} />
      </span>
    )
  );
}

function OneStep({ step }: { readonly step: ShownStep }) {
  const ranges = rangesOf(step);
  return (
    <>
      <div className="row">
        <strong>{step.title}</strong>
        <code>{step.formula}</code>
        <span className="push" />
        <LabelledBar label="weights" range={ranges.weights} />
        <LabelledBar label="vectors" range={ranges.vectors} />
      </div>
      <div className="step-sides" data-testid="step-arrays">
        <Arrays list={step.before} ranges={ranges} />
        <span className="step-arrow">
          <Chevron open={false} />
        </span>
        <Arrays list={step.after} ranges={ranges} />
      </div>
    </>
  );
}

function Arrays({ list, ranges }: { readonly list: readonly ShownArray[]; readonly ranges: Ranges }) {
  return (
    <div className="arrays">
      {list.map((array) => (
        <OneArray key={array.label} array={array} range={(isVector(array) ? ranges.vectors : ranges.weights) ?? [0, 0]} />
      ))}
    </div>
  );
}

function OneArray({ array: { label, shape, picture }, range }: { readonly array: ShownArray; readonly range: Range }) {
  return (
    <HeatMap picture={picture} range={range} label={`${label}, ${shapeText(shape)}`} size={shape.length === 2 ? 340 : 200}>
      {label}
      <small>
        {`${shapeText(shape)}, largest ${measured(picture.largest)}`}
        {picture.factor > 1 && `; each pixel is the strongest of ${picture.factor}×${picture.factor} cells`}
      </small>
    </HeatMap>
  );
}
