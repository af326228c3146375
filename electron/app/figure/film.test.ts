// The pictures of a film as the service draws them: as wide as asked, all of the size said before them, in order, and ended
// when nobody wants them any more.
import { expect, it } from 'vitest';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import { parseFigureRecipe } from '@shared/figure/registry';
import { referencePath } from '../../../tests/reference';
import { datasetsHere } from '../dataset/datasets-here';
import { filmPictures, type FilmPart } from './film';

const source = { path: referencePath('pth/net_tiny_train.pth'), layer: 'stages.1.0.repmlp_block' };
const head = { ...RECIPE_FORMAT, layout: { widthMm: 120, fontPt: 8, title: null }, source } as const;
const steps = parseFigureRecipe({ ...head, kind: 'merge-equation', scaling: 'one', colours: 'blue-orange' });
const readers = { base: '.', datasets: datasetsHere };

/** Width and height in a PNG's first chunk. */
function sizeOf(png: Uint8Array): [number, number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

it('has a picture for every step of the merge, of the width asked for', async () => {
  const parts: FilmPart[] = [];
  for await (const part of filmPictures(steps, readers, { widthPx: 400 })) parts.push(part);
  const [size, ...pictures] = parts.filter(({ type }) => type !== 'reading');
  if (size.type !== 'size') throw new Error('the size comes before the pictures');
  expect(size).toMatchObject({ width: 400, total: pictures.length });
  expect(pictures.map((part) => part.type === 'picture' && part.at)).toEqual(pictures.map((_, at) => at));
  const sizes = pictures.flatMap((part) => (part.type === 'picture' ? [sizeOf(part.png)] : []));
  expect(new Set(sizes.map(([width]) => width))).toEqual(new Set([400]));
  const heights = new Set(sizes.map(([, height]) => height));
  expect(heights.size).toBe(1);
  for (const height of heights) expect(Math.abs(size.height - height)).toBeLessThanOrEqual(1);
});

it('refuses a figure that is no film', async () => {
  const still = parseFigureRecipe({ ...head, kind: 'position-maps', group: null });
  await expect(filmPictures(still, readers, { widthPx: 400 }).next()).rejects.toThrow(
    /"position-maps" has one picture alone; films are made of/,
  );
});

it('ends with the caller', async () => {
  const own = new AbortController();
  const film = filmPictures(steps, readers, { widthPx: 400, signal: own.signal });
  await film.next();
  own.abort();
  await expect(film.next()).rejects.toThrow(/abort/i);
});
