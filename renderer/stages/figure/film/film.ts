// The film of a figure, and the figure of every block. GIF, APNG, flip-book and archive are written by the service; for WebM its
// pictures come one after the other and become a video here. Invariant: what is shown as made has the size and the length that it
// says; what was ended leaves nothing.
import { messageOf } from '@shared/base/message-of';
import { FILM_START, type FilmFormat } from '@shared/figure/film/settings';
import type { FigureFormat } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import type { FigureStep } from '@shared/link/studio';
import type { RunningJob } from '@shared/link/jobs/job-list';
import { beginOwnJob } from '../../../studio/jobs/jobs';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';
import { download, downloadFrom } from '../../../ui/download';
import { fetchBytes } from '../../../workers/fetch-bytes';
import { FilmRecorder } from './record';

/** What a film can be saved as in the window. */
export type SavedFilm = FilmFormat | 'webm';

/** What is under way: what of how much. */
interface Busy {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

export interface Making {
  /** What is under way; null where nothing is. */
  readonly busy: Busy | null;
  /** What was made last, in words. */
  readonly made: string | null;
  readonly problem: string | null;
}

export interface Film extends Making {
  readonly format: SavedFilm;
  /** Of a video: its length. */
  readonly seconds: number;
  /** Of a GIF or APNG: for how long a picture is shown, and the last one. */
  readonly each: number;
  readonly hold: number;
  /** Pixels. */
  readonly width: number;
}

export const film = createStore<Film>(() => ({
  format: 'webm',
  seconds: 8,
  each: FILM_START.seconds,
  hold: FILM_START.holdSeconds,
  width: 1280,
  busy: null,
  made: null,
  problem: null,
}));

export const batch = createStore<Making>(() => ({ busy: null, made: null, problem: null }));

/** Work of a store that can be ended, as a job of the list; a new one ends the one before. */
class Work {
  private running: AbortController | null = null;

  constructor(private readonly show: (state: Partial<Making>) => void) {}

  /** Runs `work`, which gives what it has made in words, or null where it was ended. */
  async run(title: string, work: (signal: AbortSignal, told: (busy: Busy) => void) => Promise<string | null>): Promise<void> {
    this.end();
    const own = (this.running = new AbortController());
    this.show({ busy: { what: 'Reading', done: 0, total: 1 }, made: null, problem: null });
    const asked = { kind: 'film', title, unit: 'pictures', result: { kind: 'stage', stage: 'figure' } } as const;
    const job = beginOwnJob(asked, { cancel: () => own === this.running && this.end() });
    try {
      const made = await work(own.signal, (busy) => this.tell(busy, job));
      if (made === null || own.signal.aborted) return job.end('stopped');
      this.show({ made });
      job.end('finished', made);
    } catch (error) {
      if (own.signal.aborted) return job.end('stopped');
      this.show({ problem: messageOf(error) });
      job.end('failed', messageOf(error));
    } finally {
      if (this.running === own) this.end();
    }
  }

  private tell(busy: Busy, job: RunningJob): void {
    this.show({ busy });
    if (busy.what !== 'Reading') job.progress(busy.done, busy.total);
  }

  /** Ends what is under way; nothing is saved. */
  end(): void {
    this.running?.abort();
    this.running = null;
    this.show({ busy: null });
  }
}

const filming = new Work((state) => film.setState(state));
const batching = new Work((state) => batch.setState(state));

/** Makes the film of a recipe and hands it to the user. */
export function makeFilm(recipe: FigureRecipe, strip: boolean): Promise<void> {
  const { format, each, hold, width } = film.getState();
  return filming.run(`${recipe.kind}.${format}`, async (signal, told) => {
    if (format === 'webm') return recorded(recipe, signal, told);
    const settings = { widthPx: width, seconds: each, holdSeconds: hold };
    return saved(await studio().figure.film({ recipe, format, settings, strip }, { signal }), signal, told);
  });
}

/** Ends the film that is being made; nothing is saved. */
export function cancelFilm(): void {
  filming.end();
}

/** Draws the recipe for every block of its checkpoint, and hands over the archive. */
export function makeBatch(recipe: FigureRecipe, format: FigureFormat, strip: boolean): Promise<void> {
  return batching.run(`${recipe.kind}, every block`, async (signal, told) =>
    saved(await studio().figure.batch({ recipe, format, strip }, { signal }), signal, told),
  );
}

export function cancelBatch(): void {
  batching.end();
}

/** Shows how far the service is, saves what it has made, and gives its size in words. */
async function saved(steps: AsyncIterable<FigureStep>, signal: AbortSignal, show: (busy: Busy) => void): Promise<string | null> {
  for await (const step of steps) {
    if (signal.aborted) return null;
    if (step.type === 'progress') show({ what: WORDS[step.at] ?? step.at, done: step.done, total: step.total });
    else {
      downloadFrom(step.url, step.fileName);
      return step.says;
    }
  }
  return null;
}

/** What the service does, as the window says it; of a batch it names the block. */
const WORDS: Readonly<Record<string, string>> = { reading: 'Reading', writing: 'Drawing', '': 'Drawing' };

/** Records the pictures as a video, saves it, and gives its size in words; null where it was ended. */
async function recorded(recipe: FigureRecipe, signal: AbortSignal, told: (busy: Busy) => void): Promise<string | null> {
  const { seconds, width } = film.getState();
  let recorder: FilmRecorder | null = null;
  let says = '';
  let total = 0;
  try {
    for await (const event of await studio().figure.frames({ recipe, widthPx: width }, { signal })) {
      if (signal.aborted) return null;
      if (event.type === 'reading') told({ what: 'Reading', done: event.done, total: event.total });
      else if (event.type === 'size') {
        total = event.total;
        recorder = await FilmRecorder.begin({ ...event, seconds });
        says = `${total} pictures of ${event.width} x ${event.height} pixels, ${seconds} s`;
      } else if (recorder !== null) {
        const picture = await createImageBitmap(new Blob([await fetchBytes(event.url)], { type: 'image/png' }));
        await recorder.add(picture, event.at);
        picture.close();
        told({ what: 'Drawing', done: event.at + 1, total });
      }
    }
    if (recorder === null || signal.aborted) return null;
    download(`${recipe.kind}.webm`, recorder.finish());
    return says;
  } finally {
    recorder?.close();
  }
}
