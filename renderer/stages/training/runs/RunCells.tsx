// What a row of the run list says beyond the run's record: its owner's remarks, and its distance from the baseline.
import { useStore } from 'zustand';
import type { ListedRun } from '@shared/link/studio';
import { runs } from '../../../studio/runs/runs';
import { againstBaseline } from './baseline';
import './runs.css';

/** Its name, with what its owner says of it. */
export function RunName({ run: { name, tags, note, remarksProblem } }: { readonly run: ListedRun }) {
  return (
    <td title={remarksProblem ?? (note || undefined)}>
      {name}
      {tags.map((tag) => (
        <span key={tag} className="tag run-tag">
          {tag}
        </span>
      ))}
      {note !== '' && <small className="run-note">{note}</small>}
    </td>
  );
}

export function Against({ run }: { readonly run: ListedRun }) {
  const text = useStore(runs, ({ list }) => againstBaseline(run, list));
  return text && <small className="run-against">{text}</small>;
}
