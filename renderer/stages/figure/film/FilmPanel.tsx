// The figure as a film: what it is saved as, its length and width are chosen, its making is seen, and can be ended.
import { useStore } from 'zustand';
import { FILM_LIMITS } from '@shared/figure/film/settings';
import { kindOf } from '@shared/figure/registry';
import { Choice, NumberField } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { StartOrStop } from '../../../studio/StartOrStop';
import { connection } from '../../../studio/studio';
import { figure } from '../figure';
import { cancelFilm, film, makeFilm, type SavedFilm } from './film';
import { MakingState } from './MakingState';
import { noVideoReason } from './record';

const FORMATS: readonly (readonly [SavedFilm, string])[] = [
  ['webm', 'WebM video'],
  ['gif', 'GIF'],
  ['apng', 'APNG'],
  ['pdf', 'Flip-book (PDF)'],
];
/** What is to be known of a file before it is saved. */
const SAYS: Readonly<Record<SavedFilm, string>> = {
  webm: 'Video rounds colours a little; APNG, the flip-book and single figures have them as they are.',
  gif: 'At most 256 colours; the recipe travels in the file.',
  apng: 'Exact colours; the recipe travels in the file.',
  pdf: 'A page a picture, as vectors in the size of the recipe; whoever shows it turns the pages.',
};

export function FilmPanel() {
  const { recipe, problem: undrawn, strip } = useStore(figure);
  const { format, ...making } = useStore(film);
  const connected = useStore(connection, ({ client }) => client !== null);
  if (!kindOf(recipe).isFilm) return null;
  const reason = (format === 'webm' ? noVideoReason() : null) ?? undrawn;
  const tools = (
    <StartOrStop
      busy={making.busy !== null}
      label="Save film"
      testId="film-make"
      disabled={!connected || reason !== null}
      onStart={() => makeFilm(recipe, strip)}
      onStop={cancelFilm}
      stopLabel="Cancel"
      stopTestId="film-cancel"
    />
  );
  return (
    <Panel title="Film" says="one picture after the other, all on one scale" tools={tools} testId="film">
      <FilmFields />
      {reason !== null && <p className="says-warning">{reason}</p>}
      <MakingState making={making} name="Film" testId="film" />
      <p className="faint">{SAYS[format]}</p>
    </Panel>
  );
}

function FilmFields() {
  const { format, width } = useStore(film);
  return (
    <div className="settings-grid">
      <Choice
        label="Saved as"
        value={format}
        options={FORMATS}
        testId="film-format"
        onChange={(chosen) => film.setState({ format: chosen, made: null, problem: null })}
      />
      <Times />
      {format !== 'pdf' && (
        <NumberField
          label="Width"
          hint="pixels"
          value={width}
          min={320}
          max={3840}
          testId="film-width"
          onChange={(next) => film.setState({ width: next })}
        />
      )}
    </div>
  );
}

/** How long a video is, or each picture of what the reader's program plays; a flip-book has no times. */
function Times() {
  const { format, seconds, each, hold } = useStore(film);
  const time = FILM_LIMITS.seconds;
  const lasts = { hint: 'seconds', min: time.least, max: time.most, step: 'any' } as const;
  return (
    <>
      {format === 'webm' && (
        <NumberField
          {...lasts}
          label="Length"
          value={seconds}
          min={1}
          max={600}
          testId="film-seconds"
          onChange={(next) => film.setState({ seconds: next })}
        />
      )}
      {(format === 'gif' || format === 'apng') && (
        <>
          <NumberField {...lasts} label="Each picture" value={each} testId="film-each" onChange={(next) => film.setState({ each: next })} />
          <NumberField {...lasts} label="The last one" value={hold} testId="film-hold" onChange={(next) => film.setState({ hold: next })} />
        </>
      )}
    </>
  );
}
