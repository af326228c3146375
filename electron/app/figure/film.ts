// A figure as a film: its frames read, drawn and written one after the other, its recipe inside.
import { measuredData, provenanceText } from '@shared/figure/provenance';
import { writeFilm, type FilmWatch, type WrittenFilm } from '@shared/figure/film/film';
import type { FilmFormat, FilmSettings } from '@shared/figure/film/settings';
import { UserError } from '@shared/base/user-error';
import { figureKinds, readFigure, type FigureRecipe } from '@shared/figure/registry';
import { figureAsset } from './font-files';
import { Locator } from './locate';
import { carriedOf, sourcesAt, type FigureReaders } from './render';

/** How a film is made. */
export interface FilmOptions extends FilmWatch {
  readonly settings: FilmSettings;
  /** Whether nothing travels in the file. */
  readonly strip?: boolean;
  /** Hears how many of the checkpoints are read. */
  readonly reading?: (done: number, total: number) => void;
}

/** Writes a film. Rejects with UserError for a kind of figure that is none, and where a source is missing; with the signal's reason where it is cancelled. */
export async function renderFilm(
  recipe: FigureRecipe,
  format: FilmFormat,
  readers: FigureReaders,
  options: FilmOptions,
): Promise<WrittenFilm> {
  if (!('colours' in recipe) || !isFilm(recipe)) {
    const films = figureKinds.flatMap((kind) => (kind.isFilm ? [`"${kind.kind}"`] : []));
    throw new UserError(`a figure of kind "${recipe.kind}" has one picture alone; films are made of ${films.join(' and ')}`);
  }
  const { settings, strip = false, reading, ...watch } = options;
  const locator = new Locator(readers.base ?? '.', readers.search ?? [], []);
  const figure = await readFigure(recipe, sourcesAt(locator, readers), { purpose: 'film', progress: reading, signal: watch.signal });
  const frames = figure.frames() ?? [];
  const carried = strip
    ? null
    : provenanceText(await carriedOf(recipe, locator, measuredData(figure.draw({ ...recipe.layout, heightMm: undefined }))));
  return writeFilm({ frames, colours: recipe.colours, settings }, carried, format, figureAsset, watch);
}

function isFilm({ kind }: FigureRecipe): boolean {
  return figureKinds.some((one) => one.kind === kind && one.isFilm);
}

/** Size and length of a film in words. */
export function filmText({ frames, width, height, seconds }: WrittenFilm): string {
  const count = `${frames} ${seconds === null ? 'page' : 'frame'}${frames === 1 ? '' : 's'}`;
  if (seconds === null) return `${count}, ${((width / 72) * 25.4).toFixed(1)} x ${((height / 72) * 25.4).toFixed(1)} mm`;
  return `${count}, ${width} x ${height} pixels, ${Number(seconds.toFixed(2))} s`;
}
