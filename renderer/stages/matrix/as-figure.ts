// The matrices as they are shown, as a figure: their colours on paper, values, limits and the part in view.
import type { Camera, MatrixSize, Viewport } from '@shared/matrix/camera';
import { askForFigure, type AskedFigure } from '../../studio/asked-figure';
import { weights } from '../../studio/network/weights';
import { explorer } from './explorer';

type MatricesChange = AskedFigure<'matrices'>['change'];

/** Why what is shown is no figure of matrices; null where it is. */
export function noFigureReason(): string | null {
  const { layout, other } = explorer.getState();
  const { block, tensor } = weights.getState();
  if (block === null || tensor !== null) return 'Figures are made of the matrices of a RepMLP block; choose one.';
  if (other !== null) return 'A figure shows one network before and after its merge; end the comparison first.';
  return layout === 'stored' ? null : 'A figure shows the matrix as it is stored; choose that layout.';
}

/** Opens the figure of what is shown in the export stage. */
export function askForShownMatrices(): void {
  const { map, transform, limits, magnitude, camera, viewport, size } = explorer.getState();
  const region = camera === null ? null : regionInView(camera, viewport, size);
  const change: MatricesChange = {
    // Paper is white, whatever the window's theme.
    colours: map === 'blue-orange-night' ? 'blue-orange' : map,
    transform,
    limits,
    ...(magnitude && { magnitude }),
    ...(region && { region }),
  };
  askForFigure({ kind: 'matrices', change });
}

/** The rows and columns that a camera sees, whole; null where it sees all. */
export function regionInView({ x, y, zoom }: Camera, { width, height }: Viewport, { rows, columns }: MatrixSize) {
  const span = (middle: number, length: number, count: number): [number, number] => {
    const first = Math.max(0, Math.floor(middle - length / 2 / zoom));
    const end = Math.min(count, Math.ceil(middle + length / 2 / zoom));
    return [first, Math.max(1, end - first)];
  };
  const [[row, shownRows], [column, shownColumns]] = [span(y, height, rows), span(x, width, columns)];
  return shownRows === rows && shownColumns === columns ? null : { row, column, rows: shownRows, columns: shownColumns };
}
