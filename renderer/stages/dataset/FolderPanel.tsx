// A folder in a published layout: where it is, what it is read as, and what is wrong with it.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { DatasetReference } from '@shared/dataset/dataset';
import { LAYOUTS, type Layout } from '@shared/dataset/reference';
import { chooseFolder, dataset, LAYOUT_NAMES, openChosen } from './dataset';
import { Choice, Field } from '../../ui/controls';
import { Panel } from '../../studio/Stage';
import { BrowseFolder } from './BrowseFolder';

const BY_FILES = 'what its files show';

export function FolderPanel() {
  const { reference, problem } = useStore(dataset);
  const chosen = reference.kind === 'folder' ? reference : null;
  const [path, setPath] = useState(chosen?.path ?? '');
  const take = (picked: string) => {
    setPath(picked);
    return chooseFolder(picked);
  };
  return (
    <Panel title="Folder" says="a published layout, read as it is" testId="folder">
      <div className="stack">
        <Field label="Folder on the service's machine" hint="CIFAR, MNIST, ImageNet-style, people, LFW, MegaFace or Cityscapes layout">
          <input
            type="text"
            value={path}
            data-testid="dataset-folder"
            onChange={(event) => setPath(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && path.trim() !== '') void chooseFolder(path.trim());
            }}
          />
        </Field>
        <div className="row">
          <BrowseFolder onPick={take} testId="browse-folder" />
          <button
            type="button"
            className="button"
            data-testid="use-folder"
            disabled={path.trim() === ''}
            onClick={() => void chooseFolder(path.trim())}
          >
            Use this folder
          </button>
        </div>
        {chosen && <ReadAs folder={chosen} />}
        {problem !== null && <Broken problem={problem} />}
      </div>
    </Panel>
  );
}

function ReadAs({ folder: { path, layout } }: { readonly folder: Extract<DatasetReference, { kind: 'folder' }> }) {
  return (
    <Choice<Layout | typeof BY_FILES>
      label="Read as"
      value={LAYOUTS.find((known) => known === layout) ?? BY_FILES}
      options={[[BY_FILES, BY_FILES], ...LAYOUTS.map((known) => [known, LAYOUT_NAMES[known]] as const)]}
      testId="dataset-layout"
      onChange={(value) => void chooseFolder(path, value === BY_FILES ? undefined : value)}
    />
  );
}

function Broken({ problem }: { readonly problem: string }) {
  return (
    <>
      <p className="says-error" role="alert" data-testid="folder-problem">
        {problem}
      </p>
      <div>
        <button type="button" className="button" onClick={() => void openChosen()}>
          Open it again
        </button>
      </div>
    </>
  );
}
