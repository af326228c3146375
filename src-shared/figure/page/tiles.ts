// Small heat maps in rows, each with words above and below it, as many beside each other as are readable.
import { largestOf } from '../../base/extremes';
import type { ColourScaleName } from '../../colour/scales';
import { FAINT_INK, type Mark } from './display-list';
import { fitText } from './font-metrics';
import type { Matrix } from '../../matrix/reduce-to-page';
import { heatMap } from './heat-map';
import { paragraph, type Page, type Placed } from './layout';
import type { ValueScale } from './value-scale';

/** A map with its words. */
export interface Tile extends Matrix {
  readonly heading: string;
  readonly captions: readonly string[];
}

/** What all tiles of a grid are drawn with. */
export interface TileStyle {
  /** Tiles in one row where the page is wide enough. */
  readonly perRow: number;
  readonly scale: ValueScale;
  readonly colours: ColourScaleName;
}

/** Narrowest readable tile, in heights of its type. */
const NARROWEST = 8;
/** Widest tile, as a share of the page. */
const WIDEST = 0.32;

/** Draws tiles in rows from the left. */
export function tileGrid(page: Page, top: number, tiles: readonly Tile[], style: TileStyle): Placed {
  const { width, perRow } = tileWidth(page, style.perRow);
  return rowsOf(tiles, perRow).reduce<Placed>(
    (above, row) => {
      const placed = tileRow(page, above.bottom, row, width, style);
      return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.6 };
    },
    { marks: [], bottom: top },
  );
}

/** Width of one tile, and how many of the wanted number fit beside each other. */
export function tileWidth(page: Page, wanted: number): { width: number; perRow: number } {
  const [room, gap] = [page.right - page.left, page.size];
  const perRow = Math.max(1, Math.min(wanted, Math.floor((room + gap) / (NARROWEST * page.small + gap))));
  return { width: Math.min((room - gap * (perRow - 1)) / perRow, WIDEST * room), perRow };
}

/** Pieces of at most `length`. */
export function rowsOf<T>(items: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, row) => items.slice(row * length, (row + 1) * length));
}

function tileRow(page: Page, top: number, tiles: readonly Tile[], width: number, { scale, colours }: TileStyle): Placed {
  const left = (i: number): number => page.left + i * (width + page.size);
  const headings = tiles.map(({ heading }, i) => words(left(i), top, heading, page.small, width, true));
  const y =
    largestOf(
      headings.map(({ bottom }) => bottom),
      top,
    ) + 1;
  const bottoms: number[] = [];
  const marks = tiles.flatMap((tile, i): Mark[] => {
    const box = { x: left(i), y, width, height: (width * tile.rows) / tile.columns };
    const under = tile.captions.reduce<Placed>(
      (above, caption) => {
        const { marks: own, bottom } = words(left(i), above.bottom, caption, page.small, width, false);
        return { marks: [...above.marks, ...own], bottom };
      },
      { marks: [], bottom: y + box.height + 1 },
    );
    bottoms.push(under.bottom);
    return [...heatMap(tile, box, scale, colours), ...under.marks];
  });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...marks], bottom: largestOf(bottoms) };
}

/** A paragraph no word of which is wider than `width`. */
export function words(x: number, top: number, text: string, size: number, width: number, bold: boolean): Placed {
  const fitted = text
    .split(' ')
    .map((word) => fitText(word, size, width, bold))
    .join(' ');
  if (fitted === '') return { marks: [], bottom: top };
  return paragraph(x, top, fitted, size, width, bold ? { bold } : { fill: FAINT_INK });
}
