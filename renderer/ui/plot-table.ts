// The numbers of a plot as rows, one an x value, a column a series; and those of a picture of cells, row by row.
export interface TabledSeries {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface TableRow {
  readonly x: number;
  /** In the order of the series; null where one has nothing there. */
  readonly values: readonly (number | null)[];
}

/** Rows of a table that can still be walked through. */
const MOST_ROWS = 200;

/** The rows of all x values, in order; evenly spread ones with the first and the last where there are too many, and how many are `left` out. */
export function tableOf(series: readonly TabledSeries[], most = MOST_ROWS): { readonly rows: readonly TableRow[]; readonly left: number } {
  const byX = series.map(({ x, y }) => new Map(x.map((value, index) => [value, y[index]])));
  const all = [...new Set(series.flatMap(({ x }) => x))].sort((a, b) => a - b);
  const kept = evenly(all.length, most).map((at) => all[at]);
  const rows = kept.map((x) => ({ x, values: byX.map((values) => values.get(x) ?? null) }));
  return { rows, left: all.length - rows.length };
}

/** So many places of 0..count-1, the first and the last among them, evenly spread; all of them where they are few enough. */
function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
}

/** Rows, and columns, of a picture that a table can still be walked through with. */
const MOST_CELLS = 32;

export interface CellTableShape {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** What is not listed, as a sentence; null where everything is. */
  readonly leftOut: string | null;
}

/** Which rows and columns of a picture a table lists. */
export function cellTableOf(rows: number, columns: number, most = MOST_CELLS): CellTableShape {
  const shown = { rows: evenly(rows, most), columns: evenly(columns, most) };
  const all = shown.rows.length === rows && shown.columns.length === columns;
  const leftOut = `Every cell is drawn; of ${rows} rows and ${columns} columns ${shown.rows.length} and ${shown.columns.length} are listed, evenly spread.`;
  return { ...shown, leftOut: all ? null : leftOut };
}

/** What an axis of a picture counts: its name, and the numbers of its first and last cell. */
export interface CellAxis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface CellNames {
  readonly down: CellAxis;
  readonly across: CellAxis;
}

/** How rows and columns are called: by their axes' numbers, else from 0 on. */
export function namedCells(rows: number, columns: number, names?: CellNames) {
  const { down, across } = names ?? { down: { name: 'row', from: 0, to: rows - 1 }, across: { name: 'column', from: 0, to: columns - 1 } };
  const numbered = ({ name, from, to }: CellAxis, count: number) => {
    const step = count > 1 ? (to - from) / (count - 1) : 0;
    return (at: number): string => `${name} ${from + at * step}`;
  };
  return { corner: `${down.name} \\ ${across.name}`, row: numbered(down, rows), column: numbered(across, columns) };
}
