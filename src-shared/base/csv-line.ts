// One line of CSV (RFC 4180): cells with quotes, commas or line ends are quoted.

export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))).join(',');
}
