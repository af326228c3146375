// The numbers of a plot as rows: one an x value, a column a series.
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
  const kept = all.length <= most ? all : Array.from({ length: most }, (_, row) => all[Math.round((row * (all.length - 1)) / (most - 1))]);
  const rows = kept.map((x) => ({ x, values: byX.map((values) => values.get(x) ?? null) }));
  return { rows, left: all.length - rows.length };
}
