// A film of a figure: its frames as GIF or APNG of one size, or a flip-book of pages for slides. Frames are drawn, written and
// let go one after the other. Invariant: all frames have one size and one colour scale, and for how long each is shown is said.
import { assertNever } from '../../base/assert-never';
import { largestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import type { ColourScaleName } from '../../colour/scales';
import type { FigureAssets } from '../encode/assets';
import { readFaces, type Faces } from '../encode/faces';
import { PdfPages } from '../encode/pdf';
import { rasterised, textChunks, toPng } from '../encode/png';
import { filled, PAPER, POINTS_PER_INCH, type DisplayList } from '../page/display-list';
import { ApngWriter, type FramePixels } from './apng';
import { GifWriter } from './gif';
import { filmPalette, NearestColour } from './palette';
import { FILM_LIMITS, type FilmFormat, type FilmSettings } from './settings';

/** A film to be written: its frames, drawn as they are asked for. */
export interface Film {
  readonly frames: readonly (() => DisplayList)[];
  readonly colours: ColourScaleName;
  readonly settings: FilmSettings;
}

/** A written film, its size and length. */
export interface WrittenFilm {
  readonly bytes: Uint8Array;
  readonly frames: number;
  /** In pixels; of a flip-book in points. */
  readonly width: number;
  readonly height: number;
  /** Of a flip-book null: whoever shows it turns the pages. */
  readonly seconds: number | null;
}

/** Who hears of a film being written, and may end it. */
export interface FilmWatch {
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Writes a film; `carried` travels in it. Rejects with UserError for settings out of range, with the signal's reason where it is cancelled. */
export async function writeFilm(
  film: Film,
  carried: string | null,
  format: FilmFormat,
  assets: FigureAssets,
  watch: FilmWatch = {},
): Promise<WrittenFilm> {
  checkSettings(film.settings);
  const sized = { ...film, ...(await sizedFrames(film.frames, assets)) };
  switch (format) {
    case 'gif':
    case 'apng':
      return moving(sized, carried, format, assets, watch);
    case 'pdf':
      return flipBook(sized, carried, watch);
    default:
      return assertNever(format);
  }
}

function checkSettings({ widthPx, seconds, holdSeconds }: FilmSettings): void {
  const { widthPx: width, seconds: time } = FILM_LIMITS;
  if (!Number.isInteger(widthPx) || widthPx < width.least || widthPx > width.most)
    throw new UserError(`a film is ${width.least} to ${width.most} pixels wide, got ${widthPx}`);
  for (const value of [seconds, holdSeconds])
    if (!(value >= time.least && value <= time.most))
      throw new UserError(`a frame is shown for ${time.least} to ${time.most} seconds, got ${value}`);
}

/** Frames that all have one size. */
export interface SizedFrames {
  readonly frames: Film['frames'];
  /** In points: that of the highest. */
  readonly height: number;
  readonly faces: Faces;
}
type SizedFilm = Film & SizedFrames;

/** The frames with the size that all get. Drawn twice rather than held: hundreds of them are more than memory takes. Rejects with UserError where there are none. */
export async function sizedFrames(frames: Film['frames'], assets: FigureAssets): Promise<SizedFrames> {
  const [first] = frames;
  if (first === undefined) throw new UserError('the film has no frame');
  return { frames, height: largestOf(frames.map((draw) => draw().height)), faces: await readFaces(first(), assets) };
}

/** A frame as a PNG of this width in pixels. */
export function framePng(film: SizedFrames, at: number, widthPx: number, assets: FigureAssets): Promise<Uint8Array> {
  const figure = framed(film, at);
  return toPng(figure, film.faces, null, assets, (widthPx / figure.width) * POINTS_PER_INCH);
}

/** A frame as high as the highest: what is below it is paper. */
export function framed({ frames, height }: SizedFrames, at: number): DisplayList {
  const figure = frames[at]();
  return { ...figure, height, marks: [filled(0, 0, figure.width, height, PAPER), ...figure.marks] };
}

async function moving(
  film: SizedFilm,
  carried: string | null,
  format: 'gif' | 'apng',
  assets: FigureAssets,
  watch: FilmWatch,
): Promise<WrittenFilm> {
  const { frames, settings } = film;
  const first = await pixelsOf(film, 0, assets);
  const writer = format === 'gif' ? gifOf(film, first) : apngOf(frames.length, framed(film, 0), carried);
  let seconds = 0;
  for (let at = 0; at < frames.length; at++) {
    watch.signal?.throwIfAborted();
    const hundredths = Math.round(100 * (at === frames.length - 1 ? settings.holdSeconds : settings.seconds));
    writer.add(at === 0 ? first : await pixelsOf(film, at, assets), hundredths);
    seconds += hundredths / 100;
    watch.progress?.(at + 1, frames.length);
    await turn();
  }
  return { bytes: writer.finish(carried), frames: frames.length, width: first.width, height: first.height, seconds };
}

/** Lets others have the thread between two frames: a cancel is heard, a window is drawn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function pixelsOf(film: SizedFilm, at: number, assets: FigureAssets): Promise<FramePixels> {
  const { width, height, pixels } = await rasterised(framed(film, at), film.faces, film.settings.widthPx, assets);
  return { width, height, rgb: pixels.filter((_, i) => i % 4 !== 3) };
}

interface FrameWriter {
  add(pixels: FramePixels, hundredths: number): void;
  finish(carried: string | null): Uint8Array;
}

function gifOf({ colours }: Film, { width, height }: FramePixels): FrameWriter {
  const palette = filmPalette(colours);
  const [writer, nearest] = [new GifWriter(width, height, palette), new NearestColour(palette)];
  return { add: ({ rgb }, hundredths) => writer.add(nearest.indexes(rgb), hundredths), finish: (carried) => writer.finish(carried) };
}

function apngOf(count: number, figure: DisplayList, carried: string | null): FrameWriter {
  return new ApngWriter(count, textChunks(figure, carried));
}

async function flipBook(film: SizedFilm, carried: string | null, watch: FilmWatch): Promise<WrittenFilm> {
  const { frames, height, faces } = film;
  const pages = await PdfPages.create(faces);
  let width = 0;
  for (let at = 0; at < frames.length; at++) {
    watch.signal?.throwIfAborted();
    const figure = framed(film, at);
    await pages.add(figure);
    width = figure.width;
    watch.progress?.(at + 1, frames.length);
    await turn();
  }
  return { bytes: await pages.finish(carried), frames: frames.length, width, height, seconds: null };
}
