// The pictures of a figure's film, one after the other: what it is made of is read once, each picture is drawn when it is asked
// for, and let go when it is fetched. All have one size: that of the tallest.
import { readFaces } from '@shared/figure/encode/faces';
import { toPng } from '@shared/figure/encode/png';
import type { DisplayList } from '@shared/figure/page/display-list';
import { readFigure, type FigureRecipe } from '@shared/figure/registry';
import { UserError } from '@shared/base/user-error';
import { figureAsset } from './font-files';
import { sourcesOf, type FigureReaders } from './render';

/** What is told of a film while it is made; sizes in pixels. */
export type FilmPart =
  | { readonly type: 'reading'; readonly done: number; readonly total: number }
  | { readonly type: 'size'; readonly width: number; readonly height: number; readonly total: number; readonly title: string }
  | { readonly type: 'picture'; readonly at: number; readonly png: Uint8Array };

const POINTS_PER_INCH = 72;

/** Draws a film `widthPx` pixels wide. Rejects with UserError for a figure that is none, or where a source is missing. */
export async function* filmPictures(
  recipe: FigureRecipe,
  readers: FigureReaders,
  { widthPx, signal }: { readonly widthPx: number; readonly signal?: AbortSignal },
): AsyncGenerator<FilmPart, void> {
  let heard: { done: number; total: number } | null = null;
  let wake: (() => void) | null = null;
  const progress = (done: number, total: number): void => {
    heard = { done, total };
    wake?.();
  };
  const reading = readFigure(recipe, sourcesOf(readers), { purpose: 'film', progress, signal });
  const isRead = reading.then(
    () => true,
    () => true,
  );
  for (;;) {
    const ended = await Promise.race([isRead, new Promise<false>((resolve) => (wake = () => resolve(false)))]);
    if (ended) break;
    if (heard !== null) yield { type: 'reading', ...(heard as { done: number; total: number }) };
  }
  const frames = (await reading).frames();
  if (frames === null || frames.length === 0)
    throw new UserError(`a figure of kind "${recipe.kind}" is no film: it has no pictures that follow each other`);
  const first = frames[0]();
  // Drawn twice rather than held: hundreds of pictures are more than memory takes.
  const tallest = frames.reduce((most, frame) => Math.max(most, proportion(frame())), 0);
  yield { type: 'size', width: widthPx, height: Math.ceil(widthPx * tallest), total: frames.length, title: first.title };
  const faces = await readFaces(first, figureAsset);
  for (const [at, frame] of frames.entries()) {
    signal?.throwIfAborted();
    const figure = frame();
    const dpi = (widthPx / figure.width) * POINTS_PER_INCH;
    yield { type: 'picture', at, png: await toPng(figure, faces, null, figureAsset, dpi) };
  }
}

function proportion({ width, height }: DisplayList): number {
  return height / width;
}
