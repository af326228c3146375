// The figure as a film: its length and width are chosen, its making is seen, and can be ended.
import { useStore } from 'zustand';
import { kindOf } from '@shared/figure/registry';
import { NumberField } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { connection } from '../../../studio/studio';
import { figure } from '../figure';
import { cancelFilm, film, makeFilm } from './film';
import { noVideoReason } from './record';

export function FilmPanel() {
  const { recipe, problem: undrawn } = useStore(figure);
  const { seconds, width, busy, made, problem } = useStore(film);
  const connected = useStore(connection, ({ client }) => client !== null);
  if (!kindOf(recipe).isFilm) return null;
  const reason = noVideoReason() ?? undrawn;
  const tools = (
    <StartOrStop
      busy={busy !== null}
      label="Save as WebM"
      testId="film-make"
      disabled={!connected || reason !== null}
      onStart={() => makeFilm(recipe)}
      onStop={cancelFilm}
      stopLabel="Cancel"
      stopTestId="film-cancel"
    />
  );
  return (
    <Panel title="Film" says="one picture after the other, all on one scale" tools={tools} testId="film">
      <div className="settings-grid">
        <NumberField
          label="Length"
          hint="seconds"
          value={seconds}
          min={1}
          max={600}
          step="any"
          testId="film-seconds"
          onChange={(next) => film.setState({ seconds: next })}
        />
        <NumberField
          label="Width"
          hint="pixels"
          value={width}
          min={320}
          max={3840}
          testId="film-width"
          onChange={(next) => film.setState({ width: next })}
        />
      </div>
      {reason !== null && <p className="says-warning">{reason}</p>}
      {busy && (
        <p role="status" data-testid="film-busy">
          <progress max={busy.total} value={busy.done} aria-label="Film" /> {busy.what === 'reading' ? 'Reading' : 'Drawing'}{' '}
          {`${busy.done} of ${busy.total}`}
        </p>
      )}
      {problem && (
        <p className="says-error" role="alert">
          {problem}
        </p>
      )}
      {made && <p className="says-good" role="status" data-testid="film-made">{`Saved: ${made}.`}</p>}
      <p className="faint">Video rounds colours a little; a figure saved as PNG, PDF or SVG has them as they are.</p>
    </Panel>
  );
}
