// The line at the foot: host, backend, what is training, where runs are kept.
import { useStore } from 'zustand';
import { connection } from '../studio/studio';
import { training } from '../stages/training';

export function StatusBar() {
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
