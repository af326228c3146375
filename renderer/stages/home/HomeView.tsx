// The first screen: three doors, and FC3 of the network that comes with the program beside them, alive.
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { Stage } from '../../studio/Stage';
import { connection } from '../../studio/studio';
import { DOORS, type Door } from './doors';
import { Touch } from './Touch';
import './home.css';

export function HomeView() {
  return (
    <Stage name="home">
      <div className="home">
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
      aria-labelledby={`door-${id}`}
      aria-describedby={`door-${id}-says`}
      data-testid={`door-${id}`}
      disabled={ofService && !connected}
      onClick={() => void attempt(enter)}
    >
      <strong id={`door-${id}`}>{title}</strong>
      <span id={`door-${id}-says`}>{says}</span>
    </button>
  );
}
