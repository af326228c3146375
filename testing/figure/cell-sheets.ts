// Sheets of coloured cells, few (drawn as vectors) and many (as pixels), and whether a rendering of them has every cell's colour.
import { filled, PAPER, type CellsMark, type DisplayList } from '@shared/figure/page/display-list';

/** A rendered page: red, green and blue (0..255) of a pixel by its number. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly at: (index: number) => readonly [number, number, number];
}

/** Cells of random colours on a page of about 45 mm, at a place that no pixel's edge falls on. */
function sheetOf(rows: number, columns: number): DisplayList {
  const rgba = Uint8Array.from({ length: 4 * rows * columns }, (_, i) => (i % 4 === 3 ? 255 : Math.imul(i + rows, 2654435761) >>> 24));
  const values = { rows, columns, data: new Float32Array(rows * columns) };
  const cells: CellsMark = { kind: 'cells', x: 7.3, y: 5.7, width: 110.4, height: 113.9, rows, columns, rgba, name: 'cells', values };
  const about = { title: 'cells', description: 'coloured cells', caption: '', font: 'sans', outlines: false, tables: [] } as const;
  return { width: 128, height: 127, ...about, marks: [filled(0, 0, 128, 127, PAPER), cells] };
}

export const CELL_SHEETS = [
  ['8 x 8 cells, as vectors', sheetOf(8, 8)],
  ['15 x 11 cells, as vectors', sheetOf(15, 11)],
  ['36 x 40 cells, as pixels', sheetOf(36, 40)],
] as const;

/** Pixels from a cell's edge within which the neighbour may show: a renderer may lay a picture on whole pixels (PDFium does), up to one off, and filter across one more. */
const EDGE = 2.3;
/** Renderers round colours differently by this much. */
const ROUNDING = 3;

/** The cells whose middle or one of whose inner corners has not their colour, in words. */
export function differingCells(sheet: DisplayList, { width, height, at }: Pixels): string[] {
  const [across, down] = [width / sheet.width, height / sheet.height];
  return sheet.marks.flatMap((mark) => {
    if (mark.kind !== 'cells') return [];
    const { rows, columns, rgba } = mark;
    return Array.from({ length: rows * columns }, (_, index) => index).flatMap((index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      const edges = (from: number, size: number, scale: number): [number, number] => [from * scale, (from + size) * scale];
      const [left, right] = edges(mark.x + (column * mark.width) / columns, mark.width / columns, across);
      const [top, bottom] = edges(mark.y + (row * mark.height) / rows, mark.height / rows, down);
      const middle = [(left + right) / 2, (top + bottom) / 2] as const;
      const [xs, ys] = [[left + EDGE, right - EDGE] as const, [top + EDGE, bottom - EDGE] as const];
      const points = [middle, ...xs.flatMap((x) => ys.map((y) => [x, y] as const))];
      return points.flatMap(([x, y]) => {
        const found = at(Math.floor(y) * width + Math.floor(x));
        const right = found.every((channel, k) => Math.abs(channel - rgba[4 * index + k]) <= ROUNDING);
        return right
          ? []
          : [
              `cell (${row}, ${column}) at pixel ${x.toFixed(1)}, ${y.toFixed(1)}: ${found.join()}, not ${rgba.slice(4 * index, 4 * index + 3).join()}`,
            ];
      });
    });
  });
}
