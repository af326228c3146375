// The cells of a matrix as it is shown, and the key of those beyond the limits of its colours.
import { largestOf } from '../../base/extremes';
import { CLIP_MARGIN } from '../../colour/colouring';
import { colourScale } from '../../colour/scales';
import { lutIndex, lutOf, rgbOf } from '../../colour/table';
import type { Arranged } from '../../matrix/arranged';
import { filled, outlined, RULE, textAt, type CellsMark, type Mark } from '../page/display-list';
import { textWidth } from '../page/font-metrics';
import { NOTHING, type Box } from '../page/heat-map';
import type { Page, Placed } from '../page/layout';
import type { ValueScale } from '../page/value-scale';
import type { MatrixViewRecipe } from './matrix-view-recipe';

/** The picture's cells; the numbers behind them are the whole stored matrix. */
export function cellsMark(
  values: CellsMark['values'],
  heading: string,
  picture: Arranged,
  box: Box,
  scale: ValueScale,
  { colours, markClipped = false }: MatrixViewRecipe,
): CellsMark {
  const ends = colourScale(colours);
  const table = new Uint32Array(lutOf(colours).buffer);
  const wordOf = (rgba: readonly number[]): number => new Uint32Array(Uint8Array.from(rgba).buffer)[0];
  const [empty, under, over] = [wordOf(NOTHING), wordOf([...rgbOf(ends.under), 255]), wordOf([...rgbOf(ends.over), 255])];
  const colourOf = (value: number): number => {
    if (Number.isNaN(value)) return empty;
    const position = scale.position(value);
    if (markClipped && position < -CLIP_MARGIN) return under;
    if (markClipped && position > 1 + CLIP_MARGIN) return over;
    return table[lutIndex(position)];
  };
  const cells = Uint32Array.from(picture.data, colourOf);
  return { kind: 'cells', ...box, rows: picture.rows, columns: picture.columns, rgba: new Uint8Array(cells.buffer), name: heading, values };
}

/** Swatches of what marks values beyond the limits, where they are marked. */
export function clipKey(page: Page, top: number, { colours, markClipped, magnitude, limits }: MatrixViewRecipe): Placed {
  if (!markClipped || limits === undefined) return { marks: [], bottom: top };
  const { under, over } = colourScale(colours);
  const entries = [...(magnitude ? [] : [['below the limits', under] as const]), ['above the limits', over] as const];
  const { small, left, right } = page;
  const widths = entries.map(([text]) => small * 1.4 + textWidth(text, small));
  const whole = widths.reduce((sum, width) => sum + width, small * 2 * (entries.length - 1));
  const isRow = whole <= right - left;
  const first = Math.max(left, (left + right - (isRow ? whole : largestOf(widths))) / 2);
  const marks = entries.flatMap(([text, colour], i): Mark[] => {
    const x = isRow ? first + widths.slice(0, i).reduce((sum, width) => sum + width + small * 2, 0) : first;
    const y = top + small * 0.2 + (isRow ? 0 : i * small * 1.3);
    const swatch = [filled(x, y, small, small, colour), outlined(x, y, small, small, RULE, 0.5)];
    return [...swatch, textAt(x + small * 1.4, y + small * 0.85, text, small)];
  });
  return { marks, bottom: top + small * (isRow ? 1.5 : 0.2 + 1.3 * entries.length) };
}
