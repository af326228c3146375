// The arithmetic of one output: which weight meets which pixel, the products and their sum, and what lies outside the picture.
// Invariant: weights are read from the matrix and values from the picture, products are added in the order of the columns, so that
// the sum is the output itself and not one more computation of it.
import type { InputPosition, OutputPosition } from '../../matrix/geometry';
import { columnOf } from '../../matrix/geometry';
import type { ScaleShift } from '../mathematics/batch-norm';
import {
  cellOfFollowed,
  firstChannel,
  marksOf,
  placeAt,
  pixelOf,
  rowAt,
  shownKernelSize,
  weightBetween,
  weightsOf,
  windowAt,
  type ScenePlace,
  type WeightPosition,
} from './positions';
import type { SceneModel } from './scene-model';

/** A weight over a cell of the window. */
export interface Product {
  readonly weight: WeightPosition;
  /** Input channel over all groups, row, column; row or column outside the picture for the zeros around it. */
  readonly at: InputPosition;
  readonly outside: boolean;
  /** The matrix's value; outside, the kernel's, which stands nowhere in this row. */
  readonly factor: number;
  /** The pixel; 0 outside. */
  readonly value: number;
  readonly product: number;
}

export interface Arithmetic {
  readonly output: OutputPosition;
  readonly row: number;
  /** In the order of the kernel: input channel, row, column. */
  readonly window: readonly Product[];
  /** Products of the row elsewhere, where an FC reads the whole picture: how many, and their sum; null where there are none. */
  readonly elsewhere: { readonly count: number; readonly sum: number } | null;
  readonly sum: number;
  /** Added to the sum; 0 for none. */
  readonly bias: number;
  /** The batch norm after it, for this output channel; null where there is none, or it is inside. */
  readonly after: { readonly scale: number; readonly shift: number } | null;
  readonly result: number;
}

/** All of one output's arithmetic in the part that is shown. */
export function arithmeticOf(model: SceneModel, output: OutputPosition): Arithmetic {
  const { sizes, shown, picture } = model;
  const row = rowAt(sizes, output);
  const window = weightsOf(model, output.o).map((weight) => productOf(model, weight, output));
  const inWindow = new Set(window.filter(({ outside }) => !outside).map(({ at }) => columnOf(sizes, at)));
  let [sum, others, count] = [0, 0, 0];
  for (let column = 0; column < sizes.columns; column++) {
    const factor = shown.matrix[row * sizes.columns + column];
    sum += factor * picture[column];
    if (inWindow.has(column) || factor === 0) continue;
    others += factor * picture[column];
    count++;
  }
  return {
    output,
    row,
    window,
    elsewhere: count > 0 ? { count, sum: others } : null,
    sum,
    bias: shown.bias[row],
    after: normAt(shown.after, output.o),
    result: model.output[row],
  };
}

function normAt(after: ScaleShift | null, o: number): Arithmetic['after'] {
  return after && { scale: after.scale[o], shift: after.shift[o] };
}

function productOf(model: SceneModel, weight: WeightPosition, output: OutputPosition): Product {
  const { sizes, shown, picture } = model;
  const pixel = pixelOf(model, weight, output);
  if (pixel) {
    const column = columnOf(sizes, pixel);
    const factor = shown.matrix[rowAt(sizes, output) * sizes.columns + column];
    return { weight, at: pixel, outside: false, factor, value: picture[column], product: factor * picture[column] };
  }
  const { top, left } = windowAt(sizes, shownKernelSize(model), output);
  const at = { c: firstChannel(sizes, output.o) + weight.c, a: top + weight.u, b: left + weight.v };
  return { weight, at, outside: true, factor: kernelValue(model, weight), value: 0, product: 0 };
}

/** A weight of the shown kernel; 0 for the FC alone, which has none. */
export function kernelValue({ shown: { kernel } }: SceneModel, { o, c, u, v }: WeightPosition): number {
  return kernel ? kernel.weight[((o * kernel.channels + c) * kernel.K + u) * kernel.K + v] : 0;
}

/** What a pixel gives to the outputs that read it through the kernel. */
export interface Contribution {
  readonly output: OutputPosition;
  readonly weight: WeightPosition;
  readonly factor: number;
  readonly product: number;
}

/** Where a pixel goes, in the order of the rows. */
export function contributionsOf(model: SceneModel, pixel: InputPosition): Contribution[] {
  const { sizes, shown, picture } = model;
  const column = columnOf(sizes, pixel);
  return Array.from({ length: sizes.rows }, (_, row) => row).flatMap((row) => {
    const output = outputAt(model, row);
    const weight = weightBetween(model, { ...output, ...pixel });
    if (!weight) return [];
    const factor = shown.matrix[row * sizes.columns + column];
    return [{ output, weight, factor, product: factor * picture[column] }];
  });
}

function outputAt({ sizes: { Ho, Wo } }: SceneModel, row: number): OutputPosition {
  return { o: Math.floor(row / (Ho * Wo)), i: Math.floor(row / Wo) % Ho, j: row % Wo };
}

/** A cell to look at for what is followed: of its cells the middle one that is not zero, or, where all are, the middle one. */
export function tellingCell(model: SceneModel): ScenePlace {
  const { sizes, shown, scene } = model;
  if (scene.follow.kind === 'cell') return scene.follow;
  const filled = marksOf(model).cells.filter((cell) => shown.matrix[cell] !== 0);
  if (filled.length === 0) return cellOfFollowed(model);
  const cell = filled[filled.length >> 1];
  return placeAt(sizes, Math.floor(cell / sizes.columns), cell % sizes.columns);
}

/** Value of the shown matrix at a place. */
export function cellValue({ sizes, shown }: SceneModel, place: ScenePlace): number {
  return shown.matrix[rowAt(sizes, place) * sizes.columns + columnOf(sizes, place)];
}

/** Cells of the matrix: how many there are, and how many a kernel can reach (the rest is zero whatever its weights are). */
export function cellCounts(model: SceneModel): { readonly all: number; readonly reached: number; readonly weights: number } {
  const { sizes } = model;
  let reached = 0;
  for (let o = 0; o < sizes.O; o++) {
    for (const weight of weightsOf(model, o)) {
      for (let i = 0; i < sizes.Ho; i++) for (let j = 0; j < sizes.Wo; j++) if (pixelOf(model, weight, { i, j })) reached++;
    }
  }
  return { all: sizes.rows * sizes.columns, reached, weights: sizes.O * weightsOf(model, 0).length };
}
