// The dataset stage: what is chosen, and samples of it as they really are.
import { useStore } from 'zustand';
import { MOST_DIGITS } from '@shared/dataset/digits';
import { openEmbedded, type EmbeddedReference } from '@shared/dataset/embedded/embedded';
import { EMBEDDED_NAMES, MOST_DRAWN } from '@shared/dataset/reference-schema';
import { useMemo } from 'react';
import { z } from 'zod';
import type { DatasetSplits, EmbeddedName } from '@shared/dataset/dataset';
import { datasetReferenceText, type Layout } from '@shared/dataset/reference';
import { sourceNamed, type SourceName } from '@shared/dataset/wire';
import { LARGEST_SEED } from '@shared/tensor/random';
import { fetchDigits } from '../../workers/engine/digits';
import { changeSeed, changeTrainCount, chooseEmbedded, dataset, EMBEDDED, LAYOUT_NAMES, type OpenedFolder } from './dataset';
import { messageOf } from '@shared/base/message-of';
import { NumberField, Segments } from '../../ui/controls';
import { exact } from '../../ui/format';
import { useLook } from '../../studio/looks';
import { Panel, Stage } from '../../studio/Stage';
import { FetchPanel } from './FetchPanel';
import { FitNote } from './FitNote';
import { FolderPanel } from './FolderPanel';
import { SampleGrid } from './SampleGrid';
import '../../ui/samples.css';
import './dataset.css';

export function DatasetView() {
  return (
    <Stage name="dataset">
      <div className="columns side">
        <div className="stack">
          <EmbeddedPanel />
          <FolderPanel />
          <FetchPanel />
        </div>
        <SamplesPanel />
      </div>
    </Stage>
  );
}

function EmbeddedPanel() {
  const { reference } = useStore(dataset);
  const start = reference.kind === 'embedded' ? reference.seed : 1;
  return (
    <Panel title="Embedded" says="at hand, no files needed">
      <div className="stack">
        <div className="options" role="radiogroup" aria-label="Embedded data sets">
          {EMBEDDED_NAMES.map((name) => (
            <EmbeddedOption key={name} name={name} chosen={reference.kind === 'embedded' && reference.name === name} seed={start} />
          ))}
        </div>
        {reference.kind === 'embedded' && (
          <NumberField
            label="Seed"
            hint={reference.name === 'digits' ? 'the same seed makes the same split' : 'the same seed draws the same samples'}
            value={start}
            min={0}
            max={LARGEST_SEED}
            testId="dataset-seed"
            onChange={changeSeed}
          />
        )}
        {reference.kind === 'embedded' && (
          <NumberField
            label="Training samples"
            hint="fewer make shorter epochs"
            value={reference.trainCount ?? openEmbedded({ ...reference, validationCount: undefined }).train.count}
            min={1}
            max={reference.name === 'digits' ? MOST_DIGITS : MOST_DRAWN}
            testId="train-count"
            onChange={changeTrainCount}
          />
        )}
      </div>
    </Panel>
  );
}

function EmbeddedOption({ name, chosen, seed }: { readonly name: EmbeddedName; readonly chosen: boolean; readonly seed: number }) {
  const { title, says } = EMBEDDED[name];
  return (
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      className="option"
      data-testid={`dataset-${name}`}
      onClick={() => chooseEmbedded(name, seed)}
    >
      <strong>{title}</strong>
      <span>{says}</span>
    </button>
  );
}

/** Splits of the chosen data set: drawn here, or read by the service. */
function SamplesPanel() {
  const { reference, folder, problem } = useStore(dataset);
  const opened = useMemo(() => (reference.kind === 'embedded' ? openOrSay(reference) : null), [reference]);
  const title = reference.kind === 'embedded' ? EMBEDDED[reference.name].title : reference.path;
  if (opened !== null && 'problem' in opened) return <NoSamples title={title} says={opened.problem} isError />;
  const splits = opened?.splits ?? folder?.splits;
  if (splits !== undefined) return <Splits about={datasetReferenceText(reference)} title={title} splits={splits} folder={folder} />;
  return <NoSamples title={title} says={problem ?? 'The service opens the folder.'} isError={problem !== null} />;
}

function NoSamples({ title, says, isError }: { readonly title: string; readonly says: string; readonly isError: boolean }) {
  return (
    <Panel title={title}>
      <p className={isError ? 'says-error' : 'faint'} role={isError ? 'alert' : 'status'}>
        {says}
      </p>
    </Panel>
  );
}

const SOURCE_NAMES: Readonly<Record<SourceName, string>> = {
  train: 'Train',
  validation: 'Validation',
  verification: 'Pairs to verify',
  identification: 'Probes and distractors',
};

interface SplitsProps {
  /** The data set, as a text. */
  readonly about: string;
  readonly title: string;
  readonly splits: DatasetSplits;
  readonly folder: OpenedFolder | null;
}

const SPLIT = {
  stage: 'dataset',
  name: 'split',
  schema: z.enum(['train', 'validation', 'verification', 'identification']),
} as const;

function Splits({ about, title, splits, folder }: SplitsProps) {
  const names = (Object.keys(SOURCE_NAMES) as SourceName[]).filter(
    (known) => splits[known] !== undefined && sourceNamed(splits, known).count > 0,
  );
  const [chosen, setName] = useLook({ ...SPLIT, first: names[0] ?? 'train', about });
  const name = names.includes(chosen) ? chosen : (names[0] ?? 'train');
  const source = sourceNamed(splits, name);
  const { count, classes, image, task } = source;
  const layout = folder?.reference.kind === 'folder' ? (folder.reference.layout as Layout) : null;
  const read = layout === null ? '' : `${LAYOUT_NAMES[layout]}: `;
  const first = layout === 'folders' || layout === 'identities' ? 'first ' : '';
  return (
    <Panel
      title={title}
      says={`${read}${exact(count)} samples, ${exact(classes.length)} ${task === 'face' ? 'people' : 'classes'}, ${first}${image.height}×${image.width}`}
      tools={
        <Segments
          label="Split"
          value={name}
          onChange={setName}
          testId="split"
          options={names.map((known) => [known, SOURCE_NAMES[known]] as const)}
        />
      }
      testId="samples-panel"
    >
      <div className="stack">
        {folder !== null && folder.note !== null && (
          <p data-testid="folder-note">{`${folder.note}. If that is wrong, say so under “Read as”.`}</p>
        )}
        {splits.remarks?.map((sentence) => (
          <p key={sentence} data-testid="data-remark">{`${sentence}.`}</p>
        ))}
        {splits.train.count === 0 && <p>This folder holds tests alone: networks can be evaluated on it, not trained.</p>}
        <FitNote source={splits.train} />
        <TestNote splits={splits} name={name} />
        <SampleGrid key={`${about} ${source.name}`} source={source} split={name} about={`${about} ${name}`} />
      </div>
    </Panel>
  );
}

/** What a face test consists of. */
function TestNote({ splits: { verification, identification }, name }: { readonly splits: DatasetSplits; readonly name: SourceName }) {
  if (name === 'verification' && verification) {
    const folds = new Set(verification.pairs.map(({ fold }) => fold)).size;
    const same = verification.pairs.filter((pair) => pair.same).length;
    return <p>{`${verification.pairs.length} pairs in ${folds} folds, ${same} of them of one person.`}</p>;
  }
  if (name === 'identification' && identification)
    return <p>{`${identification.probes.length} probes, ${identification.distractors.length} distractors.`}</p>;
  return null;
}

function openOrSay(reference: EmbeddedReference): { splits: DatasetSplits } | { problem: string } {
  try {
    return { splits: openEmbedded(reference, fetchDigits) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
