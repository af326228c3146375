// The run that is trained and the backend that computes it, in the line at the foot.
import { useStore } from 'zustand';
import { connection } from '../studio/studio';
import { training } from '../stages/training';

export function RunInStatus() {
  const connected = useStore(connection, ({ client }) => client !== null);
  const { run, state, backend } = useStore(training);
  return (
    <>
      {run && connected && <span>{`${run}: ${state ?? 'starting'}`}</span>}
      {backend && <span title={backend.reason}>{`Backend ${backend.name}`}</span>}
    </>
  );
}
