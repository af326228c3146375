// What is said, above the stage, while the service is gone or silent: what happened, what still works, how to go on.
import { useStore } from 'zustand';
import { connection } from '../studio/studio';
import { stageName } from '../studio/navigation';

export function ServiceNote() {
  const { client, info, problem, silent } = useStore(connection);
  if (client !== null && !silent) return null;
  if (client === null && problem === null) return null;
  const text =
    client !== null
      ? 'The service has not answered for over a second: it is stopped, or very busy. What was asked for is done when it answers.'
      : info === null
        ? `${problem} This window tries again every second.`
        : `${problem} Start it again as you did before: this window comes back by itself. A training that was under way can then be resumed from its last checkpoint.`;
  return (
    <div className="service-note says-error" role="alert" data-testid="service-note">
      <p>{text}</p>
      {client === null && (
        <p>{`Still working here: the networks of ${stageName('model')}, their cost, the embedded data sets, and the matrices that are on screen.`}</p>
      )}
    </div>
  );
}
