// What a lesson shows of a scene, as an SVG: the picture under its window, the matrix, the output. Zero is the middle of the scale,
// what is followed is outlined; the window's own stage shows more of it.
import { colourAt, hex } from '../../colour/table';
import { escapeXml } from '../../figure/encode/svg';
import { rowAt, cellOfFollowed, windowAt, shownKernelSize } from '../../merge/convolution/positions';
import type { SceneModel } from '../../merge/convolution/scene-model';
import type { SCENE_VIEWS } from '../picture';

export type SceneView = (typeof SCENE_VIEWS)[number];

interface Cells {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
  readonly scale: 'blue-orange' | 'grey';
  /** Outlined rectangle, in cells. */
  readonly outline: { readonly row: number; readonly column: number; readonly height: number; readonly width: number } | null;
}

const LONGEST_SIDE = 420;
/** Cells at least this wide are separated by a line. */
const RULED_FROM = 6;

/** The drawing, with its alternative text inside. */
export function scenePicture(model: SceneModel, view: SceneView, alt: string): string {
  const cells = cellsOf(model, view);
  const side = Math.max(2, Math.floor(LONGEST_SIDE / Math.max(cells.rows, cells.columns)));
  const [width, height] = [cells.columns * side, cells.rows * side];
  const margin = view === 'picture' ? side * Math.max(1, model.sizes.pad) : 2;
  const box = `${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`;
  const gap = side >= RULED_FROM ? 1 : 0;
  const limit = Array.from(cells.values).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const ground = colourOf(cells, 0, limit);
  const rectangles = Array.from({ length: cells.rows * cells.columns }, (_, at) => {
    const [row, column] = [Math.floor(at / cells.columns), at % cells.columns];
    const colour = colourOf(cells, cells.values[at], limit);
    // Most cells of a matrix are zero: the ground shows them.
    if (colour === ground) return '';
    return `<rect x="${column * side}" y="${row * side}" width="${side - gap}" height="${side - gap}" fill="${colour}"/>`;
  });
  const outline = cells.outline ? outlineOf(cells.outline, side) : '';
  const [w, h] = [width + 2 * margin, height + 2 * margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${box}" width="${w}" height="${h}" class="scene-${view}"><title>${escapeXml(alt)}</title><rect x="0" y="0" width="${width - gap}" height="${height - gap}" fill="${ground}" stroke="#7c868c"/>${rectangles.join('')}${outline}</svg>`;
}

function outlineOf({ row, column, height, width }: NonNullable<Cells['outline']>, side: number): string {
  return `<rect x="${column * side - 1}" y="${row * side - 1}" width="${width * side + 1}" height="${height * side + 1}" fill="none" stroke="#c2410c" stroke-width="2.5"/>`;
}

function colourOf({ scale }: Cells, value: number, limit: number): string {
  if (scale === 'grey') {
    const level = Math.round(255 * Math.min(1, Math.max(0, value / limit)));
    return hex([level, level, level]);
  }
  return hex(colourAt('blue-orange', 0.5 + (0.5 * value) / limit));
}

function cellsOf(model: SceneModel, view: SceneView): Cells {
  const { sizes, picture, shown, output } = model;
  const place = cellOfFollowed(model);
  switch (view) {
    case 'picture': {
      const K = shownKernelSize(model);
      const { top, left } = windowAt(sizes, K, place);
      // Channels one under the other.
      return {
        rows: sizes.C * sizes.h,
        columns: sizes.w,
        values: picture,
        scale: 'grey',
        outline: { row: top, column: left, height: K, width: K },
      };
    }
    case 'matrix': {
      const outline = { row: rowAt(sizes, place), column: 0, height: 1, width: sizes.columns };
      return { rows: sizes.rows, columns: sizes.columns, values: shown.matrix, scale: 'blue-orange', outline };
    }
    case 'output': {
      const outline = { row: place.o * sizes.Ho + place.i, column: place.j, height: 1, width: 1 };
      return { rows: sizes.O * sizes.Ho, columns: sizes.Wo, values: output, scale: 'blue-orange', outline };
    }
  }
}
