// Figures: drawn from their recipe alone and handed out by URL; inspected; opened again from a file that carries its recipe.
import { setTimeout } from 'node:timers/promises';
import { readRegular } from '../../files/regular-file';
import { implement } from '@orpc/server';
import { zipSync } from 'fflate';
import { studioContract, type FigureStep, type FilmEvent } from '@shared/link/studio';
import { inspectFigure } from '@shared/figure/check/inspect';
import type { BesideFile } from '@shared/figure/encode/pgf';
import { sidecarFiles } from '@shared/figure/sidecar';
import { millimetres } from '@shared/figure/page/display-list';
import type { FigureFormat } from '@shared/figure/recipe';
import type { FilmFormat, FilmSettings } from '@shared/figure/film/settings';
import { parseFigureRecipe, type FigureRecipe } from '@shared/figure/registry';
import { renderBlocks } from './batch';
import { figureComputing } from './computing';
import { filmPictures, filmText, renderFilm, type FilmPart } from './film';
import { told } from './told';
import { LARGEST_FIGURE, openFigureFile, readProvenance } from './open';
import { renderFigure, type FigureReaders } from './render';
import type { BulkStore } from '../bulk';
import { heldAsJob } from '@shared/link/jobs/followed-steps';
import type { Studio } from '../studio';

/** PGF comes with its pictures in one archive: a window saves one file. */
const contentTypes: Readonly<Record<FigureFormat, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  pdf: 'application/pdf',
  pgf: 'application/zip',
};

/** What the drawing of a figure is among the jobs. */
const DRAWING = { kind: 'figure', unit: '', withoutWindow: 'ends', result: { kind: 'stage', stage: 'figure' } } as const;

/** What of the studio figures need. */
interface FigureStudio extends Pick<Studio, 'bulk' | 'runsFolder' | 'jobs'>, Pick<FigureReaders, 'datasets'> {
  readonly engines: Pick<Studio['engines'], 'current'>;
}

/** Implements `figure` of the contract. */
export function figureProcedures({ datasets, bulk, runsFolder, jobs, engines }: FigureStudio) {
  const figure = implement(studioContract.figure);
  const computing = figureComputing(async (work) => work((await engines.current()).engine));
  const readers: FigureReaders = { datasets, search: [runsFolder], computing };
  return {
    render: figure.render.handler(async ({ input: { recipe: asked, format, strip } }) => {
      const recipe = parseFigureRecipe(asked);
      const name = `${recipe.kind}.${format}`;
      const drawing = (): ReturnType<typeof renderFigure> => renderFigure(recipe, format, readers, { strip });
      const { bytes, beside, figure: drawn } = await heldAsJob(jobs.list, { ...DRAWING, title: name }, drawing);
      const file = format === 'pgf' ? archiveOf([{ name, bytes }, ...beside]) : new Uint8Array(bytes);
      return {
        url: bulk.add({ kind: 'bytes', bytes: file }, { contentType: contentTypes[format] }),
        fileName: format === 'pgf' ? `${name}.zip` : name,
        widthMm: millimetres(drawn.width),
        heightMm: millimetres(drawn.height),
        caption: drawn.caption,
      };
    }),
    data: figure.data.handler(async ({ input: { recipe: asked } }) => {
      const recipe = parseFigureRecipe(asked);
      const { figure: drawn } = await renderFigure(recipe, 'svg', readers);
      const recipeFile = { name: 'recipe.json', bytes: new TextEncoder().encode(`${JSON.stringify(recipe, null, 2)}\n`) };
      const file = archiveOf([recipeFile, ...sidecarFiles(drawn)]);
      return { url: bulk.add({ kind: 'bytes', bytes: file }, { contentType: 'application/zip' }), fileName: `${recipe.kind}.data.zip` };
    }),
    frames: figure.frames.handler(({ input: { recipe, widthPx }, signal }) =>
      handedOut(filmPictures(parseFigureRecipe(recipe), readers, { widthPx, signal }), bulk, signal),
    ),
    film: figure.film.handler(({ input, signal }) => told((tell, stop) => filmed(bulk, readers, input, tell, stop), signal)),
    batch: figure.batch.handler(({ input, signal }) => told((tell, stop) => drawnBlocks(bulk, readers, input, tell, stop), signal)),
    inspect: figure.inspect.handler(async ({ input: { recipe: asked } }) => {
      const recipe = parseFigureRecipe(asked);
      const { bytes } = await renderFigure(recipe, 'pdf', readers);
      return inspectFigure(bytes, `${recipe.kind}.pdf`, recipe.layout.venue ?? null);
    }),
    open: figure.open.handler(async ({ input: { path: asked } }) => {
      // A path, or what a window handed over.
      const path = bulk.fileOf(asked) ?? asked;
      const before = readProvenance(new Uint8Array(await readRegular(path, LARGEST_FIGURE)), path);
      return openFigureFile(await before, path, readers);
    }),
  };
}

/** A film's pictures by URL, each after the one before it was fetched: no more than one lies here. */
async function* handedOut(events: AsyncIterable<FilmPart>, bulk: BulkStore, signal?: AbortSignal): AsyncGenerator<FilmEvent, void> {
  for await (const event of events) {
    if (event.type !== 'picture') {
      yield event;
      continue;
    }
    const url = bulk.add({ kind: 'bytes', bytes: new Uint8Array(event.png) }, { contentType: 'image/png', once: true });
    try {
      yield { type: 'picture', at: event.at, url };
      while (bulk.has(url)) await setTimeout(UNTIL_FETCHED, undefined, { signal });
    } finally {
      bulk.release(url);
    }
  }
}

/** Milliseconds between two looks whether a picture was fetched. */
const UNTIL_FETCHED = 5;

/** Files as one archive, dated alike: the same files are the same bytes. */
function archiveOf(files: readonly BesideFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
  return new Uint8Array(zipSync(entries, { mtime: ARCHIVED }));
}

/** The first day that archives know. */
const ARCHIVED = new Date(1980, 0, 1);

type Tell = (step: FigureStep) => void;
interface AskedFigures {
  readonly recipe: FigureRecipe;
  readonly strip?: boolean;
}

const FILM_TYPES: Readonly<Record<FilmFormat, string>> = { gif: 'image/gif', apng: 'image/apng', pdf: 'application/pdf' };

async function filmed(
  bulk: Studio['bulk'],
  readers: FigureReaders,
  { recipe, format, settings, strip }: AskedFigures & { readonly format: FilmFormat; readonly settings: FilmSettings },
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const at = (what: string) => (done: number, total: number) => tell({ type: 'progress', done, total, at: what });
  const film = await renderFilm(recipe, format, readers, { settings, strip, signal, reading: at('reading'), progress: at('writing') });
  const url = bulk.add({ kind: 'bytes', bytes: new Uint8Array(film.bytes) }, { contentType: FILM_TYPES[format] });
  tell({ type: 'done', url, fileName: `${recipe.kind}.${format}`, says: filmText(film) });
}

async function drawnBlocks(
  bulk: Studio['bulk'],
  readers: FigureReaders,
  { recipe, format, strip }: AskedFigures & { readonly format: FigureFormat },
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const progress = (done: number, total: number, block: string): void => tell({ type: 'progress', done, total, at: block });
  const files: BesideFile[] = [];
  let count = 0;
  for await (const { slug, rendered } of renderBlocks(recipe, readers, { format, stem: recipe.kind, strip, progress, signal })) {
    files.push({ name: `${recipe.kind}-${slug}.${format}`, bytes: rendered.bytes }, ...rendered.beside);
    count++;
  }
  const url = bulk.add({ kind: 'bytes', bytes: archiveOf(files) }, { contentType: 'application/zip' });
  tell({ type: 'done', url, fileName: `${recipe.kind}-blocks.zip`, says: `${count} figure${count === 1 ? '' : 's'}` });
}
