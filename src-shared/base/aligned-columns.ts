// Tables for a terminal: cells padded so that columns line up.
import { largestOf } from './extremes';

/** Pads columns to equal width, two spaces between them; columns from `firstNumber` on are right-aligned. */
export function alignedColumns(rows: readonly (readonly string[])[], firstNumber = Infinity): string[] {
  const widths = rows[0].map((_, column) => largestOf(rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number): string =>
    column < firstNumber ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(pad).join('  ').trimEnd());
}
