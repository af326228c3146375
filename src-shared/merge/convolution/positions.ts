// What belongs together in a convolution scene: a window position is a row, a kernel weight a set of diagonals, an input pixel a
// column. Marks are indices alone, for the window and for figures; no value is computed here.
// Invariant: weight (u, v) stands in row (o, i, j) at the pixel (i stride - pad + u, j stride - pad + v), where that exists.
import { assertNever } from '../../base/assert-never';
import { columnOf, inputOf, outputOf, rowOf, type InputPosition, type OutputPosition } from '../../matrix/geometry';
import type { Followed } from '../../matrix/convolution-scene';
import type { SceneModel, SceneSizes } from './scene-model';

/** A weight of a kernel: output channel, input channel within its group, row, column. */
export interface WeightPosition {
  readonly o: number;
  readonly c: number;
  readonly u: number;
  readonly v: number;
}

/** The window of one output position over an input channel; parts of it may lie outside the picture. */
export interface WindowPlace {
  readonly c: number;
  readonly top: number;
  readonly left: number;
  readonly size: number;
}

/** All that is marked for what is followed. Input channels are counted over all groups. */
export interface Marks {
  readonly windows: readonly WindowPlace[];
  readonly pixels: readonly InputPosition[];
  readonly outputs: readonly OutputPosition[];
  readonly weights: readonly WeightPosition[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Cells of the matrix as row * columns + column. */
  readonly cells: readonly number[];
}

/** A cell of the matrix in words of the convolution. */
export interface ScenePlace extends OutputPosition, InputPosition {}

export const outputShape = ({ Ho, Wo }: SceneSizes): { h: number; w: number } => ({ h: Ho, w: Wo });

/** Row of an output position. */
export function rowAt(sizes: SceneSizes, output: OutputPosition): number {
  return rowOf(outputShape(sizes), output);
}

/** Meaning of a matrix cell. */
export function placeAt(sizes: SceneSizes, row: number, column: number): ScenePlace {
  return { ...outputOf(outputShape(sizes), row), ...inputOf(sizes, column) };
}

/** First input channel that output channel o reads. */
export function firstChannel({ C, O, groups }: SceneSizes, o: number): number {
  return Math.floor(o / (O / groups)) * (C / groups);
}

/** Size of the kernel that the model shows; of the FC alone, that of the largest kernel. */
export function shownKernelSize({ shown, sizes }: SceneModel): number {
  return shown.kernel?.K ?? sizes.K;
}

/** Upper left corner of a window of size K over the picture, negative where it sticks out. */
export function windowAt(
  sizes: SceneSizes,
  K: number,
  { i, j }: Pick<OutputPosition, 'i' | 'j'>,
): { readonly top: number; readonly left: number } {
  const inset = (sizes.K - K) / 2;
  return { top: i * sizes.stride - sizes.pad + inset, left: j * sizes.stride - sizes.pad + inset };
}

/** The weight through which an output reads a pixel; null where the window does not reach it, or another group reads it. */
export function weightBetween(model: SceneModel, { o, i, j, c, a, b }: ScenePlace): WeightPosition | null {
  const { sizes } = model;
  const K = shownKernelSize(model);
  const { top, left } = windowAt(sizes, K, { i, j });
  const at = { o, c: c - firstChannel(sizes, o), u: a - top, v: b - left };
  const channels = sizes.C / sizes.groups;
  return at.c >= 0 && at.c < channels && at.u >= 0 && at.u < K && at.v >= 0 && at.v < K ? at : null;
}

/** The pixel that a weight meets at an output position; null outside the picture. */
export function pixelOf(
  model: SceneModel,
  { o, c, u, v }: WeightPosition,
  { i, j }: Pick<OutputPosition, 'i' | 'j'>,
): InputPosition | null {
  const { sizes } = model;
  const { top, left } = windowAt(sizes, shownKernelSize(model), { i, j });
  const pixel = { c: firstChannel(sizes, o) + c, a: top + u, b: left + v };
  return pixel.a >= 0 && pixel.a < sizes.h && pixel.b >= 0 && pixel.b < sizes.w ? pixel : null;
}

/** The weights of the shown kernel that output channel o has. */
export function weightsOf(model: SceneModel, o: number): WeightPosition[] {
  const K = shownKernelSize(model);
  return Array.from({ length: (model.sizes.C / model.sizes.groups) * K * K }, (_, at) => ({
    o,
    c: Math.floor(at / (K * K)),
    u: Math.floor(at / K) % K,
    v: at % K,
  }));
}

/** Everything that is marked. */
export function marksOf(model: SceneModel, follow: Followed = model.scene.follow): Marks {
  switch (follow.kind) {
    case 'window':
      return windowMarks(model, follow);
    case 'weight':
      return weightMarks(model, follow);
    case 'pixel':
      return pixelMarks(model, follow);
    case 'cell':
      return cellMarks(model, follow);
    default:
      return assertNever(follow);
  }
}

function windowMarks(model: SceneModel, output: OutputPosition): Marks {
  const { sizes } = model;
  const row = rowAt(sizes, output);
  const weights = weightsOf(model, output.o);
  const pixels = weights.flatMap((weight) => pixelOf(model, weight, output) ?? []);
  const cells = pixels.map((pixel) => row * sizes.columns + columnOf(sizes, pixel));
  return { windows: windowsOf(model, output), pixels, outputs: [output], weights, rows: [row], columns: [], cells };
}

function windowsOf(model: SceneModel, output: OutputPosition): WindowPlace[] {
  const { sizes } = model;
  const size = shownKernelSize(model);
  const first = firstChannel(sizes, output.o);
  const corner = windowAt(sizes, size, output);
  return Array.from({ length: sizes.C / sizes.groups }, (_, c) => ({ c: first + c, ...corner, size }));
}

function weightMarks(model: SceneModel, weight: WeightPosition): Marks {
  const { sizes } = model;
  const outputs: OutputPosition[] = [];
  const pixels: InputPosition[] = [];
  for (let i = 0; i < sizes.Ho; i++) {
    for (let j = 0; j < sizes.Wo; j++) {
      const pixel = pixelOf(model, weight, { i, j });
      if (!pixel) continue;
      outputs.push({ o: weight.o, i, j });
      pixels.push(pixel);
    }
  }
  const cells = outputs.map((output, k) => rowAt(sizes, output) * sizes.columns + columnOf(sizes, pixels[k]));
  return { windows: [], pixels, outputs, weights: [weight], rows: [], columns: [], cells };
}

function pixelMarks(model: SceneModel, pixel: InputPosition): Marks {
  const { sizes } = model;
  const column = columnOf(sizes, pixel);
  const outputs: OutputPosition[] = [];
  const weights: WeightPosition[] = [];
  for (let row = 0; row < sizes.rows; row++) {
    const place = placeAt(sizes, row, column);
    const weight = weightBetween(model, place);
    if (!weight) continue;
    outputs.push({ o: place.o, i: place.i, j: place.j });
    weights.push(weight);
  }
  const cells = outputs.map((output) => rowAt(sizes, output) * sizes.columns + column);
  return { windows: [], pixels: [pixel], outputs, weights, rows: [], columns: [column], cells };
}

function cellMarks(model: SceneModel, place: ScenePlace): Marks {
  const { sizes } = model;
  const { o, i, j, c, a, b } = place;
  const [row, column] = [rowAt(sizes, place), columnOf(sizes, place)];
  const weight = weightBetween(model, place);
  return {
    windows: windowsOf(model, place),
    pixels: [{ c, a, b }],
    outputs: [{ o, i, j }],
    weights: weight ? [weight] : [],
    rows: [row],
    columns: [column],
    cells: [row * sizes.columns + column],
  };
}

/** How many there are to follow of a kind. */
export function countOf(model: SceneModel, kind: Followed['kind']): number {
  const { sizes } = model;
  if (kind === 'window') return sizes.rows;
  if (kind === 'pixel') return sizes.columns;
  if (kind === 'cell') return sizes.rows * sizes.columns;
  return sizes.O * weightsOf(model, 0).length;
}

/** The one at a place in the order of the matrix: rows, columns, or weights as they are stored. Indices outside are clamped. */
export function followedAt(model: SceneModel, kind: Followed['kind'], index: number): Followed {
  const { sizes } = model;
  const at = Math.max(0, Math.min(countOf(model, kind) - 1, Math.round(index)));
  if (kind === 'window') return { kind, ...outputOf(outputShape(sizes), at) };
  if (kind === 'pixel') return { kind, ...inputOf(sizes, at) };
  if (kind === 'cell') return { kind, ...placeAt(sizes, Math.floor(at / sizes.columns), at % sizes.columns) };
  const each = weightsOf(model, 0).length;
  return { kind, ...weightsOf(model, Math.floor(at / each))[at % each] };
}

/** The place of what is followed in the order of its kind. */
export function indexOfFollowed(model: SceneModel, follow: Followed): number {
  const { sizes } = model;
  switch (follow.kind) {
    case 'window':
      return rowAt(sizes, follow);
    case 'pixel':
      return columnOf(sizes, follow);
    case 'cell':
      return rowAt(sizes, follow) * sizes.columns + columnOf(sizes, follow);
    case 'weight': {
      const K = shownKernelSize(model);
      return ((follow.o * (sizes.C / sizes.groups) + follow.c) * K + follow.u) * K + follow.v;
    }
    default:
      return assertNever(follow);
  }
}

/** The same thing, moved to where it exists in the model: sizes change under it. */
export function nearestFollowed(model: SceneModel, follow: Followed): Followed {
  const { O, Ho, Wo, C, groups, h, w } = model.sizes;
  const K = shownKernelSize(model);
  const most = { o: O, i: Ho, j: Wo, c: follow.kind === 'weight' ? C / groups : C, a: h, b: w, u: K, v: K };
  const inside = Object.entries(follow).map(([name, at]) => [
    name,
    name in most ? Math.min(Number(at), most[name as keyof typeof most] - 1) : at,
  ]);
  return Object.fromEntries(inside) as Followed;
}

/** A cell that stands for what is followed: where its row, diagonal or column has a weight, near the middle. */
export function cellOfFollowed(model: SceneModel, follow: Followed = model.scene.follow): ScenePlace {
  if (follow.kind === 'cell') return follow;
  const { cells, rows, columns } = marksOf(model, follow);
  const { sizes } = model;
  if (cells.length > 0) {
    const cell = cells[cells.length >> 1];
    return placeAt(sizes, Math.floor(cell / sizes.columns), cell % sizes.columns);
  }
  return placeAt(sizes, rows[0] ?? 0, columns[0] ?? 0);
}
