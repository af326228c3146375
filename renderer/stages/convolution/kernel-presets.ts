// Kernels that are known by a name, one record each: this is their only list.
export interface KernelPreset {
  readonly id: string;
  readonly label: string;
  /** What it does to a picture. */
  readonly says: string;
  /** (3, 3), row-major. */
  readonly weight: readonly number[];
}

const ninth = 1 / 9;

export const KERNEL_PRESETS: readonly KernelPreset[] = [
  { id: 'identity', label: 'Identity', says: 'passes the picture on', weight: [0, 0, 0, 0, 1, 0, 0, 0, 0] },
  { id: 'blur', label: 'Blur', says: 'the mean of nine pixels', weight: Array.from({ length: 9 }, () => ninth) },
  { id: 'edges', label: 'Edges', says: 'a pixel against its four neighbours', weight: [0, -1, 0, -1, 4, -1, 0, -1, 0] },
  { id: 'vertical', label: 'Vertical edges', says: 'right minus left', weight: [-1, 0, 1, -2, 0, 2, -1, 0, 1] },
  { id: 'horizontal', label: 'Horizontal edges', says: 'below minus above', weight: [-1, -2, -1, 0, 0, 0, 1, 2, 1] },
  { id: 'sharpen', label: 'Sharpen', says: 'the pixel, and what sets it apart', weight: [0, -1, 0, -1, 5, -1, 0, -1, 0] },
  { id: 'shift', label: 'Shift', says: 'takes the left neighbour: the picture moves right', weight: [0, 0, 0, 1, 0, 0, 0, 0, 0] },
  { id: 'numbered', label: '1 to 9', says: 'nine different weights, to tell the diagonals apart', weight: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
];

/** The name of a 3x3 plane; null for others. */
export function presetOf(weight: readonly number[]): KernelPreset | null {
  return (
    KERNEL_PRESETS.find((preset) => preset.weight.length === weight.length && preset.weight.every((value, k) => value === weight[k])) ??
    null
  );
}
