// The layouts of a matrix by name, as the explorer offers them and a figure's recipe names them.
import type { MatrixGeometry } from './geometry';
import type { Axis, Layout } from './layout';

export const LAYOUT_NAMES = ['stored', 'blockDiagonal', 'gridOfGrids', 'byPosition', 'offsets'] as const;
export type LayoutName = (typeof LAYOUT_NAMES)[number];

const LAYOUT_AXES: Readonly<Record<'gridOfGrids' | 'byPosition', { rows: readonly Axis[]; columns: readonly Axis[] }>> = {
  gridOfGrids: { rows: ['o', 'i', 'a'], columns: ['c', 'j', 'b'] },
  byPosition: { rows: ['i', 'j', 'o'], columns: ['a', 'b', 'c'] },
};

/** The layout behind its name; `stored` until the block's sizes are known. */
export function layoutOf(name: LayoutName, geometry: MatrixGeometry | null): Layout {
  if (!geometry || name === 'stored') return { kind: 'stored' };
  if (name === 'blockDiagonal') return { kind: 'blockDiagonal', groups: geometry.groups };
  if (name === 'offsets') return { kind: 'offsets', geometry };
  return { kind: 'axes', geometry, ...LAYOUT_AXES[name] };
}
