// Small heat maps in rows, each with words above and below it, as many beside each other as are readable.
import { largestOf } from '../../base/extremes';
import type { ColourScaleName } from '../../colour/scales';
import { FAINT_INK, type Mark } from './display-list';
import { longestWord } from './font-metrics';
import type { Matrix } from '../../matrix/reduce-to-page';
import { heatMap } from './heat-map';
import { paragraph, type Page, type Placed } from './layout';
import type { ValueScale } from './value-scale';

/** A map with its words. */
export interface Tile extends Matrix {
  /** What its numbers are called where they are kept beside the figure; its heading where left out. */
  readonly name?: string;
  readonly heading: string;
  readonly captions: readonly string[];
}

/** What all tiles of a grid are drawn with. */
export interface TileStyle {
  /** Tiles in one row where the page is wide enough. */
  readonly perRow: number;
  readonly scale: ValueScale;
  readonly colours: ColourScaleName;
  /** How many times longer than wide a tile is at most; as its matrix where left out. */
  readonly mostAspect?: number;
}

/** Narrowest readable tile, in heights of its type. */
const NARROWEST = 8;
/** Widest tile, as a share of the room. */
const WIDEST = 0.5;

/** Draws tiles in rows from the left, as large as the room and the wanted number in a row let them be. */
export function tileGrid(page: Page, top: number, tiles: readonly Tile[], style: TileStyle): Placed {
  // Where the figure would be too high, rows hold as many tiles as there is room for.
  const wanted = page.scale < 1 ? tiles.length : Math.min(style.perRow, tiles.length);
  const { width, perRow } = tileWidth(page, wanted, longestOf(page, tiles));
  return rowsOf(tiles, perRow).reduce<Placed>(
    (above, row) => {
      const placed = tileRow(page, above.bottom, row, width, style);
      return { marks: [...above.marks, ...placed.marks], bottom: placed.bottom + page.small * 0.6 };
    },
    { marks: [], bottom: top },
  );
}

/** Width of the longest word that stands over or under a tile. */
function longestOf(page: Page, tiles: readonly Tile[]): number {
  const over = tiles.map(({ heading }) => longestWord(heading, page.small, true));
  const under = tiles.flatMap(({ captions }) => captions.map((caption) => longestWord(caption, page.small)));
  return largestOf([...over, ...under], 0);
}

/** Width of one tile, and how many of the wanted number fit beside each other, none narrower than its longest word. */
export function tileWidth(page: Page, wanted: number, longest: number): { width: number; perRow: number } {
  const [room, gap] = [page.right - page.left, page.size];
  const most = Math.max(WIDEST * room * page.scale, longest);
  const least = Math.min(most, Math.max(NARROWEST * page.small * page.scale, longest));
  const fitting = Math.max(1, Math.min(wanted, Math.floor((room + gap) / (least + gap))));
  // Rows of equal length: five tiles of which four fit stand as three and two.
  const perRow = Math.ceil(wanted / Math.ceil(wanted / fitting));
  return { width: Math.min((room - gap * (perRow - 1)) / perRow, most), perRow };
}

/** Pieces of at most `length`. */
export function rowsOf<T>(items: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, row) => items.slice(row * length, (row + 1) * length));
}

function tileRow(
  page: Page,
  top: number,
  tiles: readonly Tile[],
  width: number,
  { scale, colours, mostAspect = Infinity }: TileStyle,
): Placed {
  const left = (i: number): number => page.left + i * (width + page.size);
  const headings = tiles.map(({ heading }, i) => words(left(i), top, heading, page.small, width, true));
  const y =
    largestOf(
      headings.map(({ bottom }) => bottom),
      top,
    ) + 1;
  const bottoms: number[] = [];
  const marks = tiles.flatMap((tile, i): Mark[] => {
    const box = { x: left(i), y, width, height: width * Math.min(mostAspect, Math.max(1 / mostAspect, tile.rows / tile.columns)) };
    const under = tile.captions.reduce<Placed>(
      (above, caption) => {
        const { marks: own, bottom } = words(left(i), above.bottom, caption, page.small, width, false);
        return { marks: [...above.marks, ...own], bottom };
      },
      { marks: [], bottom: y + box.height + 1 },
    );
    bottoms.push(under.bottom);
    return [...heatMap({ ...tile, name: tile.name ?? tile.heading }, box, scale, colours), ...under.marks];
  });
  return { marks: [...headings.flatMap((heading) => heading.marks), ...marks], bottom: largestOf(bottoms) };
}

/** Words over (bold) or under a tile. */
export function words(x: number, top: number, text: string, size: number, width: number, bold: boolean): Placed {
  if (text === '') return { marks: [], bottom: top };
  return paragraph(x, top, text, size, width, bold ? { bold } : { fill: FAINT_INK });
}
