// The film of a figure: its pictures come from the service one after the other, and become a video here. Invariant: a film that is
// shown as made has the size and the length that it says; one that was ended leaves nothing.
import { messageOf } from '@shared/base/message-of';
import type { FigureRecipe } from '@shared/figure/registry';
import type { RunningJob } from '@shared/link/jobs/job-list';
import { beginOwnJob } from '../../../studio/jobs/jobs';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';
import { download } from '../../../ui/download';
import { fetchBytes } from '../../../workers/fetch-bytes';
import { FilmRecorder } from './record';

export interface Film {
  readonly seconds: number;
  /** Pixels. */
  readonly width: number;
  /** What is under way; null where nothing is. */
  readonly busy: { readonly what: 'reading' | 'drawing'; readonly done: number; readonly total: number } | null;
  /** What was made last, in words. */
  readonly made: string | null;
  readonly problem: string | null;
}

export const film = createStore<Film>(() => ({ seconds: 8, width: 1280, busy: null, made: null, problem: null }));

let running: AbortController | null = null;

/** Makes the film of a recipe and hands it to the user. */
export async function makeFilm(recipe: FigureRecipe): Promise<void> {
  cancelFilm();
  const own = (running = new AbortController());
  const { seconds, width } = film.getState();
  film.setState({ busy: { what: 'reading', done: 0, total: 1 }, made: null, problem: null });
  const name = `${recipe.kind}.webm`;
  const asked = { kind: 'film', title: name, unit: 'pictures', result: { kind: 'stage', stage: 'figure' } } as const;
  const job = beginOwnJob(asked, { cancel: () => own === running && cancelFilm() });
  try {
    const made = await recorded(recipe, { seconds, width }, own.signal, job);
    if (made === null || own.signal.aborted) return job.end('stopped');
    download(name, made.content);
    film.setState({ made: made.says });
    job.end('finished', made.says);
  } catch (error) {
    if (own.signal.aborted) return job.end('stopped');
    film.setState({ problem: messageOf(error) });
    job.end('failed', messageOf(error));
  } finally {
    if (running === own) film.setState({ busy: null });
  }
}

interface MadeFilm {
  readonly content: Blob;
  readonly says: string;
}

async function recorded(
  recipe: FigureRecipe,
  { seconds, width }: Pick<Film, 'seconds' | 'width'>,
  signal: AbortSignal,
  job: RunningJob,
): Promise<MadeFilm | null> {
  let recorder: FilmRecorder | null = null;
  let says = '';
  let total = 0;
  try {
    for await (const event of await studio().figure.frames({ recipe, widthPx: width }, { signal })) {
      if (signal.aborted) return null;
      if (event.type === 'reading') film.setState({ busy: { what: 'reading', done: event.done, total: event.total } });
      else if (event.type === 'size') {
        total = event.total;
        recorder = await FilmRecorder.begin({ ...event, seconds });
        says = `${total} pictures of ${event.width} x ${event.height} pixels, ${seconds} s`;
      } else if (recorder !== null) {
        const picture = await createImageBitmap(new Blob([await fetchBytes(event.url)], { type: 'image/png' }));
        await recorder.add(picture, event.at);
        picture.close();
        film.setState({ busy: { what: 'drawing', done: event.at + 1, total } });
        job.progress(event.at + 1, total);
      }
    }
    return recorder === null ? null : { content: recorder.finish(), says };
  } finally {
    recorder?.close();
  }
}

/** Ends the film that is being made; nothing is saved. */
export function cancelFilm(): void {
  running?.abort();
  running = null;
  film.setState({ busy: null });
}
