// The dataset stage: what is chosen, and samples of it as they really are.
import { useStore } from 'zustand';
import { openEmbedded, EMBEDDED_NAMES } from '@shared/dataset/embedded';
import { useMemo, useState } from 'react';
import type { EmbeddedName, SampleSource } from '@shared/dataset/dataset';
import { changeTrainCount, chooseEmbedded, chooseFolder, dataset, EMBEDDED } from '../../state/dataset';
import { model } from '../../state/model';
import { attempt, messageOf } from '../../state/notices';
import { studio } from '../../state/studio';
import { Field, NumberField, Segments } from '../../ui/controls';
import { Panel, Stage } from '../../ui/Stage';
import { SampleGrid } from './SampleGrid';
import './dataset.css';

export function DatasetView() {
  return (
    <Stage name="dataset">
      <div className="columns side">
        <div className="stack">
          <EmbeddedPanel />
          <FolderPanel />
        </div>
        <SamplesPanel />
      </div>
    </Stage>
  );
}

function EmbeddedPanel() {
  const { reference } = useStore(dataset);
  const start = reference.kind === 'embedded' ? reference.seed : 1;
  const task = useStore(model, (state) => state.spec?.task);
  return (
    <Panel title="Embedded" says="drawn here, no files needed">
      <div className="stack">
        <div className="options" role="radiogroup" aria-label="Embedded data sets">
          {EMBEDDED_NAMES.map((name) => (
            <EmbeddedOption key={name} name={name} chosen={reference.kind === 'embedded' && reference.name === name} seed={start} />
          ))}
        </div>
        {reference.kind === 'embedded' && (
          <NumberField
            label="Seed"
            hint="the same seed draws the same samples"
            value={start}
            min={0}
            testId="dataset-seed"
            onChange={(value) => chooseEmbedded(reference.name, value)}
          />
        )}
        {reference.kind === 'embedded' && (
          <NumberField
            label="Training samples"
            hint="fewer make shorter epochs"
            value={openEmbedded(reference).train.count}
            min={1}
            testId="train-count"
            onChange={(count) => changeTrainCount(Math.floor(count))}
          />
        )}
        {reference.kind === 'embedded' && task && EMBEDDED[reference.name].task !== task && (
          <p className="says-warning">{`The chosen network is for ${task}; this data set is for ${EMBEDDED[reference.name].task}.`}</p>
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

function FolderPanel() {
  const chosen = useStore(dataset, ({ reference }) => (reference.kind === 'folder' ? reference.path : ''));
  const [path, setPath] = useState(chosen);
  const browse = async () => {
    const picked = await studio().app.chooseFile({ folder: true });
    if (picked === null) return;
    setPath(picked);
    chooseFolder(picked);
  };
  return (
    <Panel title="Folder" says="a published layout, read as it is">
      <div className="stack">
        <Field label="Folder on the service's machine" hint="CIFAR, MNIST, ImageNet-style, LFW or Cityscapes layout">
          <input type="text" value={path} data-testid="dataset-folder" onChange={(event) => setPath(event.target.value)} />
        </Field>
        <div className="row">
          <button type="button" className="button" data-testid="browse-folder" onClick={() => void attempt(browse)}>
            Browse
          </button>
          <button
            type="button"
            className="button"
            data-testid="use-folder"
            disabled={path.trim() === ''}
            onClick={() => chooseFolder(path.trim())}
          >
            Use this folder
          </button>
        </div>
      </div>
    </Panel>
  );
}

function SamplesPanel() {
  const { reference } = useStore(dataset);
  const [split, setSplit] = useState<'train' | 'validation'>('train');
  const opened = useMemo(() => openSplit(reference, split), [reference, split]);
  if (reference.kind === 'folder') return <FolderNote path={reference.path} />;
  const tools = (
    <Segments
      label="Split"
      value={split}
      onChange={setSplit}
      testId="split"
      options={[
        ['train', 'Train'],
        ['validation', 'Validation'],
      ]}
    />
  );
  if ('problem' in opened) {
    return (
      <Panel title={EMBEDDED[reference.name].title} tools={tools}>
        <p className="says-error" role="alert">
          {opened.problem}
        </p>
      </Panel>
    );
  }
  const { count, classes, image } = opened.source;
  return (
    <Panel
      title={EMBEDDED[reference.name].title}
      says={`${count} samples, ${classes.length} classes, ${image.height}×${image.width}, seed ${reference.seed}`}
      tools={tools}
    >
      <SampleGrid key={`${opened.source.name}:${reference.seed}`} source={opened.source} />
    </Panel>
  );
}

function FolderNote({ path }: { readonly path: string }) {
  return (
    <Panel title={path} says="chosen for training">
      <p>The service reads this folder when a training starts; a file that does not fit is named then. Its samples are not shown here.</p>
    </Panel>
  );
}

function openSplit(
  reference: ReturnType<typeof dataset.getState>['reference'],
  split: 'train' | 'validation',
): { source: SampleSource } | { problem: string } {
  if (reference.kind === 'folder') return { problem: '' };
  try {
    return { source: openEmbedded(reference)[split] };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
