// A figure as a film: its frames read once, then written as a file with its recipe inside, or handed out as pictures one after the
// other, each drawn when it is asked for and let go when it is fetched. Invariant: all frames have one size and one colour scale.
import { UserError } from '@shared/base/user-error';
import type { ColourScaleName } from '@shared/colour/scales';
import { framed, framePng, sizedFrames, writeFilm, type Film, type FilmWatch, type WrittenFilm } from '@shared/figure/film/film';
import type { FilmFormat, FilmSettings } from '@shared/figure/film/settings';
import { measuredData, provenanceText } from '@shared/figure/provenance';
import { figureKinds, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { figureAsset } from './font-files';
import { Locator } from './locate';
import { carriedOf, sourcesAt, type FigureReaders } from './render';
import { told } from './told';

/** Who hears how many of a film's checkpoints are read, and may end it. */
interface ReadingWatch {
  readonly reading?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** How a film is made. */
export interface FilmOptions extends FilmWatch, ReadingWatch {
  readonly settings: FilmSettings;
  /** Whether nothing travels in the file. */
  readonly strip?: boolean;
}

/** The frames of a film, and what travels in its file. */
interface ReadFilm {
  readonly frames: Film['frames'];
  readonly colours: ColourScaleName;
  carried(): Promise<string>;
}

/** Rejects with UserError for a kind of figure that is no film, and where a source is missing; with the signal's reason where it is cancelled. */
async function readFilm(recipe: FigureRecipe, readers: FigureReaders, { reading, signal }: ReadingWatch): Promise<ReadFilm> {
  if (!('colours' in recipe) || !isFilm(recipe)) {
    const films = figureKinds.flatMap((kind) => (kind.isFilm ? [`"${kind.kind}"`] : []));
    throw new UserError(`a figure of kind "${recipe.kind}" has one picture alone; films are made of ${films.join(' and ')}`);
  }
  const locator = new Locator(readers.base ?? '.', readers.search ?? [], []);
  const figure = await readFigure(recipe, sourcesAt(locator, readers), { purpose: 'film', progress: reading, signal });
  return {
    frames: figure.frames() ?? [],
    colours: recipe.colours,
    carried: async () =>
      provenanceText(await carriedOf(recipe, locator, measuredData(figure.draw({ ...recipe.layout, heightMm: undefined })))),
  };
}

function isFilm({ kind }: FigureRecipe): boolean {
  return figureKinds.some((one) => one.kind === kind && one.isFilm);
}

/** Writes a film as a file. Rejects as `readFilm`, and with UserError for settings out of range. */
export async function renderFilm(
  recipe: FigureRecipe,
  format: FilmFormat,
  readers: FigureReaders,
  { settings, strip = false, reading, ...watch }: FilmOptions,
): Promise<WrittenFilm> {
  const { frames, colours, carried } = await readFilm(recipe, readers, { reading, signal: watch.signal });
  return writeFilm({ frames, colours, settings }, strip ? null : await carried(), format, figureAsset, watch);
}

/** What is told of a film while its pictures are handed out; sizes in pixels. */
export type FilmPart =
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  | { readonly type: 'size'; readonly width: number; readonly height: number; readonly total: number; readonly title: string }
  | { readonly type: 'picture'; readonly at: number; readonly png: Uint8Array };

/** The pictures of a film, `widthPx` pixels wide. Rejects as `readFilm`. */
export async function* filmPictures(
  recipe: FigureRecipe,
  readers: FigureReaders,
  { widthPx, signal }: { readonly widthPx: number; readonly signal?: AbortSignal },
): AsyncGenerator<FilmPart, void> {
  const { frames } = yield* told<FilmPart, ReadFilm>(
    (tell, stop) => readFilm(recipe, readers, { reading: (done, total) => tell({ type: 'reading', done, total }), signal: stop }),
    signal,
  );
  const film = await sizedFrames(frames, figureAsset);
  const { width, title } = framed(film, 0);
  const height = Math.ceil((widthPx * film.height) / width);
  yield { type: 'size', width: widthPx, height, total: frames.length, title };
  for (let at = 0; at < frames.length; at++) {
    signal?.throwIfAborted();
    yield { type: 'picture', at, png: await framePng(film, at, widthPx, figureAsset) };
  }
}

/** Size and length of a film in words. */
export function filmText({ frames, width, height, seconds }: WrittenFilm): string {
  const count = `${frames} ${seconds === null ? 'page' : 'frame'}${frames === 1 ? '' : 's'}`;
  if (seconds === null) return `${count}, ${((width / 72) * 25.4).toFixed(1)} x ${((height / 72) * 25.4).toFixed(1)} mm`;
  return `${count}, ${width} x ${height} pixels, ${Number(seconds.toFixed(2))} s`;
}
