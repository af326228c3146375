// What a row of the run list says beyond the run's record: its owner's remarks, and its distance from the baseline.
import { useStore } from 'zustand';
import { printable } from '@shared/base/printable';
import type { ListedRun } from '@shared/link/studio';
import { runs } from '../../../studio/runs/runs';
import { againstBaseline } from './baseline';
import './runs.css';

/** Its name, with what its owner says of it. */
export function RunName({ run: { name, tags, note, remarksProblem } }: { readonly run: ListedRun }) {
  return (
    <td title={remarksProblem ?? (printable(note, 'lines') || undefined)}>
      {printable(name)}
      {tags.map((tag) => (
        <span key={tag} className="tag run-tag">
          {printable(tag)}
        </span>
      ))}
      {note !== '' && <small className="run-note">{printable(note, 'lines')}</small>}
    </td>
  );
}

export function Against({ run }: { readonly run: ListedRun }) {
  const text = useStore(runs, ({ list }) => againstBaseline(run, list));
  return text && <small className="run-against">{text}</small>;
}
