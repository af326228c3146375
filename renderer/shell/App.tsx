// The window: rail, one stage at a time, status line, notices and the command palette.
import { useStore } from 'zustand';
import { navigation } from '../studio/navigation';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { StageView } from './StageView';
import { useEffect, useMemo, useState } from 'react';
import { ledger } from '@shared/cost/ledger';
import { exact } from '../ui/format';
import { network } from '../studio/network';
import { weights } from '../studio/weights';
import { openDropped } from '../studio/files';
import { attempt, dismiss, notices } from '../studio/notices';
import { Icon } from '../studio/icons';
import { connection } from '../studio/studio';
import { training } from '../stages/training';

export function App() {
  const stage = useStore(navigation, (state) => state.stage);
  return (
    <div className="frame">
      <Rail />
      <main className="stage" data-testid={`stage-${stage}`}>
        <CurrentNetwork />
        <StageView stage={stage} />
        <Notices />
      </main>
      <StatusBar />
      <Palette />
      <FileDrop />
    </div>
  );
}

/** What every stage is about: name, form, where its weights are from, parameters. */
function CurrentNetwork() {
  const { held, problem } = useStore(network);
  const { inFocus, label } = useStore(weights);
  const count = useMemo(() => held && ledger(held).params, [held]);
  return (
    <p className="current-network" data-testid="current-network">
      <strong>{held?.name ?? 'unknown network'}</strong>
      {held && <span className={`tag ${held.form}`}>{`${held.form} form`}</span>}
      <span data-testid="current-source">{inFocus ? label : 'no weights yet'}</span>
      {count !== null && <span data-testid="current-params">{`${exact(count)} parameters`}</span>}
      {problem && <span className="says-error">{problem}</span>}
    </p>
  );
}

/** Files dropped anywhere on the window are opened as weights. */
function FileDrop() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(event.type === 'dragover');
      if (event.type === 'drop') void openAll(event.dataTransfer.files);
    };
    const kinds = ['dragover', 'drop', 'dragleave'] as const;
    kinds.forEach((kind) => window.addEventListener(kind, drag));
    return () => kinds.forEach((kind) => window.removeEventListener(kind, drag));
  }, []);
  return over ? <div className="drop-here">Drop weights here: .pth, .safetensors or .npz</div> : null;
}

async function openAll(files: FileList): Promise<void> {
  for (const file of files) await attempt(() => openDropped(file));
}

/** The notice area: errors and news, read out to screen readers as they come. */
function Notices() {
  const list = useStore(notices, (state) => state.list);
  return (
    <div className="notices" role="log" aria-live="polite" data-testid="notices">
      {list.map(({ id, tone, text }) => (
        <div key={id} className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'} data-testid={`notice-${tone}`}>
          <span>{text}</span>
          <button type="button" className="button quiet" aria-label="Close this message" onClick={() => dismiss(id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** The line at the foot: host, backend, what is training, where runs are kept. */
function StatusBar() {
  const { info, problem, client } = useStore(connection);
  const run = useStore(training, (state) => state.run);
  const state = useStore(training, (state) => state.state);
  const backend = useStore(training, (state) => state.backend);
  return (
    <footer className="status" data-testid="status">
      <span data-testid="status-connection">{connectionText(info?.host ?? null, problem, client !== null)}</span>
      {run && <span>{`${run}: ${state ?? 'starting'}`}</span>}
      {backend && <span title={backend.reason}>{`Backend ${backend.name}`}</span>}
      {info && <span className="push">{`Runs in ${info.runsFolder}`}</span>}
      {info && <span>{`v${info.version}`}</span>}
    </footer>
  );
}

function connectionText(host: string | null, problem: string | null, connected: boolean): string {
  if (problem) return `No service: ${problem}`;
  if (!connected) return 'Connecting to the service';
  return host === 'browser' ? 'Connected in the browser' : 'Connected';
}
