// The merge of one group of a family step by step, as its recipe tells it, with the arrays before and after each step: weights
// on one scale, values per channel on another.
import { largestOf } from '@shared/base/extremes';
import { useEffect } from 'react';
import { z } from 'zod';
import { useStore } from 'zustand';
import type { FamilyGroup, OpenedCheckpoint } from '@shared/link/studio';
import type { ArrayPicture, PicturedStep } from '@shared/merge/recipes/walk/step-pictures';
import { placeText } from '@shared/merge/recipes/summaries';
import { shapeText } from '@shared/tensor/tensor';
import { FamilyHelpButton } from '../../../studio/families/FamilyHelp';
import { openGroups } from '../../../studio/families/families';
import { Chevron } from '../../../studio/icons';
import { useLook } from '../../../studio/looks';
import { attempt } from '../../../studio/notices';
import { Panel } from '../../../studio/Stage';
import { connection } from '../../../studio/studio';
import { weights } from '../../../studio/network/weights';
import { measured } from '../../../ui/format';
import { HeatMap, ScaleBar, type Range } from '../../../ui/HeatMap';
import { stepsOfKey } from '../keyed-steps';
import { StepButtons } from '../StepButtons';
import { familySteps, familyStepsKey, loadFamilySteps } from './family-steps';

const GROUP = { stage: 'merge', name: 'family-group', schema: z.number().int().nonnegative(), first: 0 as number } as const;
const STEP = { stage: 'merge', name: 'family-step', schema: z.string().nullable(), first: null } as const;

export function FamilyStepWalk({ file }: { readonly file: OpenedCheckpoint }) {
  const groups = openGroups(file);
  const [chosen, setChosen] = useLook({ ...GROUP, about: file.id });
  const group = groups[Math.min(chosen, groups.length - 1)];
  if (group === undefined) return null;
  return (
    <Panel title="Step by step" says={group.title} tools={<FamilyHelpButton family={group.family} />} testId="family-steps">
      <div className="stack">
        <label className="row faint">
          group
          <select data-testid="family-group" value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {groups.map(({ at, recipe }, index) => (
              <option key={`${recipe} ${at}`} value={index}>
                {`${placeText(at)} (${recipe})`}
              </option>
            ))}
          </select>
        </label>
        <Steps file={file} group={group} />
      </div>
    </Panel>
  );
}

function Steps({ file, group }: { readonly file: OpenedCheckpoint; readonly group: FamilyGroup }) {
  const { reference, reading } = useStore(weights);
  const connected = useStore(connection, (state) => state.client !== null);
  const known = useStore(familySteps);
  // A step is kept by its name: the next group may be of another family.
  const [name, setName] = useLook({ ...STEP, about: file.id });
  useEffect(() => {
    if (connected) void attempt(() => loadFamilySteps(reference, group, reading));
  }, [connected, reference, group, reading]);
  const { list, problem } = stepsOfKey(known, familyStepsKey(reference, group, reading));
  if (problem !== null) return <p className="says-error">{problem}</p>;
  if (list === null) return <p className="faint">Computing the steps</p>;
  const ran = list.filter(({ after }) => after.length > 0);
  const index = Math.max(
    0,
    ran.findIndex((step) => step.name === name),
  );
  return (
    <>
      <StepButtons
        list={ran.map((step) => ({ id: step.name, title: step.name }))}
        index={index}
        onChange={(next) => setName(ran[next].name)}
        testId="family-step"
      />
      <OneStep step={ran[index]} />
      <Absent list={list.filter(({ after }) => after.length === 0)} />
    </>
  );
}

/** Steps of the recipe that this block has nothing for. */
function Absent({ list }: { readonly list: readonly PicturedStep[] }) {
  if (list.length === 0) return null;
  return <p className="faint">{`Not in this block: ${list.map(({ name }) => name).join(', ')}.`}</p>;
}

function OneStep({ step }: { readonly step: PicturedStep }) {
  const all = [...step.before, ...step.after];
  const [ofWeights, ofVectors] = [rangeOf(all.filter((one) => !isVector(one))), rangeOf(all.filter(isVector))];
  return (
    <>
      <div className="row">
        <code>{step.call}</code>
        {step.merged !== null && <span className="tag merged">{`merged: ${placeText(step.merged)}`}</span>}
        <span className="push" />
        <LabelledBar label="weights" range={ofWeights} />
        <LabelledBar label="values per channel" range={ofVectors} />
      </div>
      <p>{step.explain}</p>
      <div className="step-sides" data-testid="family-step-arrays">
        <Arrays list={step.before} weights={ofWeights} vectors={ofVectors} />
        <span className="step-arrow">
          <Chevron open={false} />
        </span>
        <Arrays list={step.after} weights={ofWeights} vectors={ofVectors} />
      </div>
    </>
  );
}

function isVector({ shape }: ArrayPicture): boolean {
  return shape.length === 1;
}

function rangeOf(arrays: readonly ArrayPicture[]): Range | null {
  const limit = largestOf(arrays.map(({ picture }) => picture.largest));
  return arrays.length === 0 ? null : [-limit, limit];
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

interface ArraysProps {
  readonly list: readonly ArrayPicture[];
  readonly weights: Range | null;
  readonly vectors: Range | null;
}

function Arrays({ list, weights: ofWeights, vectors }: ArraysProps) {
  if (list.length === 0) return <p className="faint">Made of nothing but the sizes of the block.</p>;
  return (
    <div className="arrays">
      {list.map((array) => (
        <OneArray key={array.label} array={array} range={(isVector(array) ? vectors : ofWeights) ?? [0, 0]} />
      ))}
    </div>
  );
}

function OneArray({ array: { label, shape, outputs, picture }, range }: { readonly array: ArrayPicture; readonly range: Range }) {
  return (
    <HeatMap picture={picture} range={range} label={`${label}, ${shapeText(shape)}`} size={shape.length === 1 ? 200 : 300}>
      {label}
      <small>
        {`${shapeText(shape)}, largest ${measured(picture.largest)}`}
        {outputs < shape[0] && `; the first ${outputs} output channels`}
        {picture.factor > 1 && `; each pixel is the strongest of ${picture.factor}×${picture.factor} cells`}
      </small>
    </HeatMap>
  );
}
