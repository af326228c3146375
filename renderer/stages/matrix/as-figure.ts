// What the explorer shows as a figure: the three matrices of a block as they are stored, or any other view of it (a weight, another
// layout, a comparison, a split, a marked cell), with its colours on paper, values, limits and the part in view.
import type { FigureSource } from '@shared/figure/recipe';
import type { Camera, MatrixSize, Viewport } from '@shared/matrix/camera';
import { askForFigure, type AskedFigure } from '../../studio/asked-figure';
import { figureSource, weights } from '../../studio/network/weights';
import { cameraNow, explorer } from './explorer';
import { askedMap, nameInFocus } from './kernel-map';

type Change<Kind extends 'matrices' | 'matrix-view'> = AskedFigure<Kind>['change'];

/** Why what is shown is no figure; null where it is. */
export function noFigureReason(): string | null {
  const { block, tensor } = weights.getState();
  return block === null && tensor === null ? 'There is no matrix in view; choose a block or a weight.' : null;
}

/** Opens the figure of what is shown in the export stage. */
export function askForShownMatrices(): void {
  const { map, transform, limits, magnitude } = explorer.getState();
  const region = shownRegion();
  const shared = {
    // Paper is white, whatever the window's theme.
    colours: map === 'blue-orange-night' ? ('blue-orange' as const) : map,
    transform,
    limits,
    ...(magnitude && { magnitude }),
    ...(region && { region }),
  };
  if (isPlain()) askForFigure({ kind: 'matrices', change: shared satisfies Change<'matrices'> });
  else askForFigure({ kind: 'matrix-view', change: { ...shared, ...viewOf() } satisfies Change<'matrix-view'> });
}

/** Whether a block's three matrices are shown as they are stored, side by side on one scale, and nothing more. */
function isPlain(): boolean {
  const { mode, layout, other, shared, pinned, rule, markClipped } = explorer.getState();
  const isBlock = weights.getState().tensor === null && other === null;
  return isBlock && mode === 'side' && layout === 'stored' && shared && !markClipped && pinned === null && rule === 'maxMagnitude';
}

/** What a view of matrices has besides colours and part. */
function viewOf(): Change<'matrix-view'> {
  const { mode, splitAt, flickerShows, layout, rule, shared, markClipped, pinned, other } = explorer.getState();
  const { reference, block, tensor } = weights.getState();
  const source: FigureSource = figureSource(reference);
  const ofBlock = tensor === null && block !== null ? { layer: block } : {};
  const isSeveral = tensor === null || other !== null;
  return {
    source: { ...source, ...ofBlock },
    ...(tensor !== null && { weight: weightOf(tensor) }),
    ...(other && { against: { ...figureSource(other.reference), ...(tensor === null && { layer: other.block }) } }),
    arrangement: layout,
    ...(isSeveral && mode === 'split' && { splitAt }),
    ...(isSeveral && mode === 'flicker' && { panes: [flickerShows] }),
    ...(rule !== 'maxMagnitude' && { rule }),
    ...(!shared && { scales: 'each' as const }),
    ...(markClipped && { markClipped }),
    ...(pinned && { marked: { row: pinned.row, column: pinned.column } }),
  };
}

function weightOf(tensor: string): NonNullable<Change<'matrix-view'>['weight']> {
  const { name, merged } = nameInFocus(tensor);
  const map = askedMap(tensor);
  return { name, ...(merged && { merged }), ...(map !== undefined && { map }) };
}

/** The part in view; null where it is all. */
function shownRegion(): ReturnType<typeof regionInView> {
  const { camera, mode, viewport, size } = explorer.getState();
  // Split, a picture begins with what fills its pane.
  return camera === null && mode !== 'split' ? null : regionInView(cameraNow(), viewport, size);
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
