// What a weights file holds: its recognised network and form, and every tensor with its statistics.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { OpenedCheckpoint } from '@shared/contract/studio';
import { goTo } from '../../state/navigation';
import { showFile } from '../../state/files';
import { attempt } from '../../state/notices';
import { loadStatistics } from '../../state/statistics';
import { connection } from '../../state/studio';
import { chooseWeights, inspectBundled, weights } from '../../state/weights';
import { CommandButton } from '../../ui/controls';
import { bytesText, exact } from '../../ui/format';
import { Panel, Stage } from '../../ui/Stage';
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
    <Stage name="checkpoint" tools={<CommandButton command="open-checkpoint" primary />}>
      <div className="stack">
        <OpenPanel />
        {opened.length > 1 && <OpenedFiles opened={opened} inspected={inspected} />}
        {file ? <FilePanel key={file.id} file={file} /> : <Nothing />}
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
  const recent = useStore(weights, (state) => state.recent);
  const [path, setPath] = useState('');
  const open = (what: string) => void attempt(() => showFile(what));
  return (
    <div className="row">
      <input
        type="text"
        size={52}
        aria-label="Path of a weights file on the service's machine"
        placeholder="Path of a weights file on the service's machine"
        value={path}
        data-testid="checkpoint-path"
        onChange={(event) => setPath(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && path.trim() !== '' && open(path.trim())}
      />
      <button type="button" className="button" disabled={path.trim() === ''} data-testid="open-path" onClick={() => open(path.trim())}>
        Open this path
      </button>
      {recent.length > 0 && (
        <select
          aria-label="Recent files"
          data-testid="recent-files"
          value=""
          onChange={(event) => event.target.value && open(event.target.value)}
        >
          <option value="">Recent files</option>
          {recent.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </div>
  );
}

function OpenedFiles({ opened, inspected }: { readonly opened: readonly OpenedCheckpoint[]; readonly inspected: string | null }) {
  return (
    <div className="segments" role="group" aria-label="Opened files">
      {opened.map(({ id, fileName }) => (
        <button key={id} type="button" aria-pressed={id === inspected} onClick={() => weights.setState({ inspected: id })}>
          {fileName}
        </button>
      ))}
    </div>
  );
}

function FilePanel({ file }: { readonly file: OpenedCheckpoint }) {
  useEffect(() => {
    const stop = new AbortController();
    void attempt(() => loadStatistics(file.id, stop.signal));
    return () => stop.abort();
  }, [file.id]);
  const values = file.tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  const { recognised } = file;
  const toMerge = () => {
    chooseWeights({ kind: 'file', id: file.id });
    goTo('merge');
  };
  const tools = recognised?.form === 'train' && (
    <button type="button" className="button" data-testid="merge-file" onClick={toMerge}>
      Merge these weights
    </button>
  );
  return (
    <>
      <Panel
        title={file.fileName}
        says={`${file.format}, ${bytesText(file.bytes)}, ${file.tensors.length} tensors, ${exact(values)} values`}
        tools={tools}
        testId="checkpoint"
      >
        <div className="stack">
          <Recognised recognised={recognised} />
          {file.notes.map((note) => (
            <p key={note} className="says-warning">
              {note}
            </p>
          ))}
        </div>
      </Panel>
      <TensorTable file={file} />
    </>
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
