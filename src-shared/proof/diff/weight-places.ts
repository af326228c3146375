// What the cells of a weight are, in words, and where in the image a change of it lies: FC3 by the place it reads, the place it writes
// and the displacement between them; a kernel by its taps. Maps hold root mean squares, so that weights of all sizes share one scale.
import { cellIndexOf, columnsOf, fcShapeOf, rowsOf, type FcShape } from '../../matrix/geometry';
import { leafParameters } from '../../model/parameters';
import { isRepBlock, joinPath, type NetworkSpec } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import { indexOf } from '../compare-arrays';
import type { ChangeMap } from './report';

/** What the values of a weight are laid out as. */
export type WeightLayout =
  | { readonly kind: 'fc3'; readonly shape: FcShape }
  | { readonly kind: 'kernel' | 'matrix' | 'vector'; readonly shape: readonly number[] };

/** The FC3 matrices of a network by the name of their weight. */
export function fc3Shapes(spec: NetworkSpec | null): ReadonlyMap<string, FcShape> {
  if (spec === null) return new Map();
  return new Map(
    leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [[joinPath(path, 'fc3.weight'), fcShapeOf(layer)] as const] : [])),
  );
}

/** The layer that a weight belongs to, by the weight's name, in execution order. */
export function layersOfWeights(spec: NetworkSpec): ReadonlyMap<string, string> {
  return new Map(
    leavesOf(spec).flatMap(({ layer, path }) => leafParameters(layer, path).map(({ name }) => [name, path || spec.name] as const)),
  );
}

/** How a weight of that name and shape is laid out. */
export function layoutOf(name: string, shape: readonly number[], fc3: ReadonlyMap<string, FcShape>): WeightLayout {
  const own = fc3.get(name);
  if (own !== undefined && rowsOf(own) * columnsOf(own) === shape.reduce((product, size) => product * size, 1))
    return { kind: 'fc3', shape: own };
  if (shape.length === 4 && shape[2] * shape[3] > 1) return { kind: 'kernel', shape };
  return { kind: shape.length >= 2 ? 'matrix' : 'vector', shape };
}

/** A cell in the words of its layer. */
export function placeText(layout: WeightLayout, offset: number): string {
  if (layout.kind === 'fc3') {
    const columns = columnsOf(layout.shape);
    const [row, column] = [Math.floor(offset / columns), offset % columns];
    const { o, i, j, c, a, b } = cellIndexOf(layout.shape, row, column);
    return `row ${row}, column ${column}: to output channel ${o} at (${i}, ${j}) from input channel ${c} at (${a}, ${b}), ${displacementText(a - i, b - j)}`;
  }
  const index = indexOf(offset, layout.shape);
  if (layout.kind === 'kernel') {
    const [o, c, k, l] = index;
    const [, , K, L] = layout.shape;
    return `output channel ${o}, input channel ${c} of its group, tap (${k}, ${l}), ${displacementText(k - (K - 1) / 2, l - (L - 1) / 2)}`;
  }
  if (layout.kind === 'matrix') return `output ${index[0]}, input ${index.slice(1).join(', ')}`;
  return index.length === 0 ? 'its only value' : `channel ${index[0]}`;
}

/** `2 down, 1 left of it`: from the place that is computed to the one that is read. */
function displacementText(dy: number, dx: number): string {
  if (dy === 0 && dx === 0) return 'the same place';
  const down = dy === 0 ? [] : [`${Math.abs(dy)} ${dy > 0 ? 'down' : 'up'}`];
  const right = dx === 0 ? [] : [`${Math.abs(dx)} ${dx > 0 ? 'right' : 'left'}`];
  return [...down, ...right].join(', ');
}

type Numbers = Float64Array | Float32Array;

/** Where the change from `before` to `after` lies; none for weights without places in the image. */
export function changeMaps(layout: WeightLayout, before: Numbers, after: Numbers): ChangeMap[] {
  if (layout.kind === 'fc3') return fc3Maps(layout.shape, before, after);
  if (layout.kind !== 'kernel') return [];
  const [, , K, L] = layout.shape;
  const sums = new Float64Array(K * L);
  for (let i = 0; i < before.length; i++) sums[i % (K * L)] += squared(before[i], after[i]);
  const share = (K * L) / before.length;
  return [{ of: 'displacement', rows: K, columns: L, values: Array.from(sums, (sum) => Math.sqrt(sum * share)) }];
}

/** Of values that are not finite no size is known: they count as nothing here, and are told as the largest difference. */
function squared(before: number, after: number): number {
  const change = after - before;
  return Number.isFinite(change) ? change * change : 0;
}

function fc3Maps(shape: FcShape, before: Numbers, after: Numbers): ChangeMap[] {
  const { O, channels, h, w } = shape;
  const [H, W] = [2 * h - 1, 2 * w - 1];
  const [input, output, displacement] = [new Float64Array(h * w), new Float64Array(h * w), new Float64Array(H * W)];
  let at = 0;
  for (let o = 0; o < O; o++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++)
        for (let c = 0; c < channels; c++)
          for (let a = 0; a < h; a++)
            for (let b = 0; b < w; b++, at++) {
              if (before[at] === after[at]) continue;
              const energy = squared(before[at], after[at]);
              input[a * w + b] += energy;
              output[i * w + j] += energy;
              displacement[(a - i + h - 1) * W + (b - j + w - 1)] += energy;
            }
  const perPlace = O * channels * h * w;
  const pairs = (index: number): number => (h - Math.abs(Math.floor(index / W) - (h - 1))) * (w - Math.abs((index % W) - (w - 1)));
  const rms = (sums: Float64Array, weights: (index: number) => number): number[] =>
    Array.from(sums, (sum, index) => Math.sqrt(sum / weights(index)));
  return [
    { of: 'input', rows: h, columns: w, values: rms(input, () => perPlace) },
    { of: 'output', rows: h, columns: w, values: rms(output, () => perPlace) },
    { of: 'displacement', rows: H, columns: W, values: rms(displacement, (index) => O * channels * pairs(index)) },
  ];
}
