// What a weights file holds: its recognised network and form, and every tensor with its statistics.
import { printable } from '@shared/base/printable';
import { PathEntry } from '../../ui/PathEntry';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';

import type { FloatType } from '@shared/checkpoint/entries';
import { ROOT_SET } from '@shared/checkpoint/weight-sets/choose-weight-set';
import type { OpenedCheckpoint, RecentFile } from '@shared/link/studio';
import { inputSizeText } from '@shared/model/input-size';
import { goTo } from '../../studio/navigation';
import { showFile } from '../../studio/files';
import { attempt } from '../../studio/notices';
import { loadStatistics } from './statistics';
import { connection } from '../../studio/studio';
import { chooseWeights, forgetRecent, inspectBundled, switchSet, weights, isUndecided } from '../../studio/network/weights';
import { FamilyGroups } from '../../studio/families/FamilyGroups';
import { hasFamilies, mergeableIn } from '../../studio/families/families';
import { FamilyOwn } from '../../studio/families/FamilyOwn';
import { KnownFamilies } from '../../studio/families/KnownFamilies';
import { FileInputSize } from '../../studio/network/FileInputSize';
import { CommandButton } from '../../studio/CommandButton';
import { checkpointCommands } from './commands';
import { bytesText, exact } from '../../ui/format';
import { SaveWeights, stemOf } from '../../studio/network/SaveWeights';
import { Panel, Stage } from '../../studio/Stage';
import { DiffPanel } from './diff/DiffPanel';
import { OnnxExport, OnnxMerged } from './OnnxPanel';
import { Settle } from './Settle';
import { TensorTable } from './TensorTable';
import './checkpoint.css';

export function CheckpointView() {
  const { opened, inspected } = useStore(weights);
  const connected = useStore(connection, (state) => state.client !== null);
  useEffect(() => {
    if (connected) void attempt(inspectBundled);
  }, [connected]);
  const file = opened.find(({ id }) => id === inspected);
  return (
    <Stage name="checkpoint" tools={<CommandButton command={checkpointCommands['open-checkpoint']} primary />}>
      <div className="stack">
        <OpenPanel />
        {opened.length > 1 && <OpenedFiles opened={opened} inspected={inspected} />}
        {file ? <FilePanel key={file.id} file={file} /> : <Nothing />}
        <DiffPanel />
      </div>
    </Stage>
  );
}

function Nothing() {
  return (
    <p className="empty">
      Drop a file on the window, open one, or give its path. PyTorch .pth, .safetensors and .npz are read; nothing in a file is executed.
    </p>
  );
}

function OpenPanel() {
  const open = (what: string) => void attempt(() => showFile(what));
  return (
    <div className="stack">
      <OpenPath open={open} />
      <RecentFiles open={open} />
      <KnownFamilies />
    </div>
  );
}

interface Opening {
  readonly open: (what: string) => void;
}

function OpenPath({ open }: Opening) {
  return (
    <div className="row">
      <PathEntry
        label="Path of a weights file on the service's machine"
        size={52}
        testId="checkpoint-path"
        action="Open this path"
        actionTestId="open-path"
        take={open}
      />
    </div>
  );
}

/** Files opened before. Of files dropped on a browser's window the service keeps a copy, which can be deleted here. */
function RecentFiles({ open }: Opening) {
  const recent = useStore(weights, (state) => state.recent);
  if (recent.length === 0) return null;
  return (
    <details className="recent-files" data-testid="recent-files">
      <summary>{`Recent files (${recent.length})`}</summary>
      <ul>
        {recent.map((file) => (
          <RecentRow key={file.path} file={file} open={open} />
        ))}
      </ul>
    </details>
  );
}

function RecentRow({ file: { path, name, bytes, uploaded }, open }: { readonly file: RecentFile } & Opening) {
  return (
    <li>
      <button type="button" className="button quiet" disabled={bytes === null} title={printable(path)} onClick={() => open(path)}>
        {printable(name)}
      </button>
      <span className="faint number">{bytes === null ? 'gone' : bytesText(bytes)}</span>
      <span className="faint where">{uploaded ? 'a copy kept by the service' : printable(path)}</span>
      <button
        type="button"
        className="button quiet"
        aria-label={uploaded ? `Delete the service's copy of ${printable(name)}` : `Take ${printable(name)} off this list`}
        onClick={() => void attempt(() => forgetRecent(path))}
      >
        {uploaded ? 'Delete copy' : 'Take off the list'}
      </button>
    </li>
  );
}

function OpenedFiles({ opened, inspected }: { readonly opened: readonly OpenedCheckpoint[]; readonly inspected: string | null }) {
  return (
    <div className="segments opened-files" role="group" aria-label="Opened files">
      {opened.map(({ id, fileName }) => (
        <button key={id} type="button" aria-pressed={id === inspected} onClick={() => weights.setState({ inspected: id })}>
          {printable(fileName)}
        </button>
      ))}
    </div>
  );
}

function FilePanel({ file }: { readonly file: OpenedCheckpoint }) {
  const adapter = file.adapter?.path ?? null;
  useEffect(() => {
    const stop = new AbortController();
    void attempt(() => loadStatistics(file.id, adapter, stop.signal));
    return () => stop.abort();
  }, [file.id, adapter]);
  const values = file.tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  return (
    <>
      <Panel
        title={printable(file.fileName)}
        says={`${file.format}, ${bytesText(file.bytes)}, ${file.tensors.length} tensors, ${exact(values)} values`}
        tools={<MergeFile file={file} />}
        testId="checkpoint"
      >
        <div className="stack">
          {file.weightSets.length > 1 && <WeightSets file={file} />}
          <Recognised recognised={file.recognised} />
          <OnnxMerged file={file} />
          {file.recognised && <FileInputSize key={inputSizeText(file.recognised.spec.input)} id={file.id} recognised={file.recognised} />}
          {file.setAside.length > 0 && (
            <p className="says-warning" data-testid="set-aside">{`Beside the weights and left out: ${file.setAside.join(', ')}.`}</p>
          )}
          {file.inside.length > 0 && (
            <p data-testid="blocks-inside">{`RepMLP blocks inside, which can be merged where they stand: ${file.inside.join(', ')}.`}</p>
          )}
          {hasFamilies(file) && <FamilyGroups file={file} />}
          {file.recognised === null && <FamilyOwn file={file} />}
          <Notes notes={file.notes} />
          <Settle key={file.id} file={file} />
          <details data-testid="copy-panel">
            <summary>Save a copy in another format or precision</summary>
            <SaveCopy file={file} />
            <OnnxExport key={file.id} file={file} />
          </details>
        </div>
      </Panel>
      <TensorTable file={file} />
    </>
  );
}

function Notes({ notes }: Pick<OpenedCheckpoint, 'notes'>) {
  return notes.map((note) => (
    <p key={note} className="says-warning">
      {note}
    </p>
  ));
}

/** Which of the file's sets of weights is looked at, merged and saved. */
function WeightSets({ file }: { readonly file: OpenedCheckpoint }) {
  const choose = (name: string) => void attempt(() => switchSet(file, name));
  return (
    <div className="row">
      <span>{`This file holds ${file.weightSets.length} sets of weights:`}</span>
      <div className="segments" role="group" aria-label="Set of weights" data-testid="weight-sets">
        {file.weightSets.map(({ name, tensors, chosen }) => (
          <button
            key={name}
            type="button"
            aria-pressed={chosen}
            title={`${tensors} tensors`}
            onClick={() => !chosen && choose(name || ROOT_SET)}
          >
            {name || ROOT_SET}
          </button>
        ))}
      </div>
    </div>
  );
}

/** The way to the merge stage, where there is something to merge. */
function MergeFile({ file }: { readonly file: OpenedCheckpoint }) {
  const { id, recognised } = file;
  const found = mergeableIn(file);
  if ((recognised?.form !== 'train' && found === 0) || isUndecided(file)) return null;
  const toMerge = () => {
    chooseWeights({ kind: 'file', id });
    goTo('merge');
  };
  return (
    <button type="button" className="button" data-testid="merge-file" onClick={toMerge}>
      {recognised ? 'Merge these weights' : `Merge the ${found === 1 ? 'block' : `${found} blocks`} found inside`}
    </button>
  );
}

function SaveCopy({ file: { id, fileName } }: { readonly file: OpenedCheckpoint }) {
  const [storeAs, setStoreAs] = useState<FloatType | null>(null);
  const stem = `${stemOf(fileName)}${storeAs === null ? '-copy' : `-${storeAs}`}`;
  return (
    <SaveWeights reference={{ kind: 'file', id }} what="these weights" stem={stem} storeAs={storeAs} onStoreAs={setStoreAs} testId="copy" />
  );
}

function Recognised({ recognised }: Pick<OpenedCheckpoint, 'recognised'>) {
  if (!recognised) return <p data-testid="recognised">No network of the zoo has these names and shapes.</p>;
  return (
    <p data-testid="recognised">
      Recognised as <strong>{recognised.model}</strong> <span className={`tag ${recognised.form}`}>{`${recognised.form} form`}</span>
    </p>
  );
}
