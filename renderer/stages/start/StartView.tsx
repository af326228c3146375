// The first screen: three doors, and FC3 of the network that comes with the program beside them, alive.
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { Stage } from '../../studio/Stage';
import { connection } from '../../studio/studio';
import { DOORS, type Door } from './doors';
import { Touch } from './Touch';
import './start.css';

export function StartView() {
  return (
    <Stage name="start">
      <div className="start">
        <nav className="doors" aria-label="Ways in">
          {DOORS.map((door) => (
            <DoorButton key={door.id} door={door} />
          ))}
        </nav>
        <Touch />
      </div>
    </Stage>
  );
}

function DoorButton({ door: { id, title, says, ofService, enter } }: { readonly door: Door }) {
  const connected = useStore(connection, ({ client }) => client !== null);
  return (
    <button
      type="button"
      className="door"
      data-testid={`door-${id}`}
      disabled={ofService && !connected}
      onClick={() => void attempt(enter)}
    >
      <strong>{title}</strong>
      <span>{says}</span>
    </button>
  );
}
