// The effective receptive field (Luo et al., 2016): how strongly each pixel of an input moves the centre of a feature map, as the mean
// over inputs of the gradient's magnitude. Here: which map is looked from, and what is measured of the result; the engine differentiates.
import { z } from 'zod';
import { computed, count, sizes, type Stored } from '../base/sent';
import { largestOf } from '../base/extremes';
import { UserError } from '../base/user-error';
import { form } from '../model/leaves/fields';
import type { NetworkSpec } from '../model/spec';
import { leavesOf, outputShapeOf, type FeatureShape } from '../model/walk';

/** The map that is looked from. */
export interface CentreOf {
  /** A leaf and which side of it, or the network's own output (null). */
  readonly at: { readonly path: string; readonly side: 'input' | 'output' } | null;
  /** (C, H, W). */
  readonly shape: readonly [number, number, number];
  /** In words: `the output of stage4.0`. */
  readonly text: string;
}

function isMap(shape: FeatureShape): shape is [number, number, number] {
  return shape.length === 3 && shape[1] * shape[2] > 1;
}

/** The output of a layer, or the network's last map where none is named. Throws UserError where there is no such layer or no map. */
export function centreOf(spec: NetworkSpec, layer: string | null): CentreOf {
  const leaves = leavesOf(spec).filter(({ training }) => !training);
  if (layer !== null) {
    const found = leaves.find(({ path }) => path === layer);
    const maps = leaves.filter(({ output }) => isMap(output)).map(({ path }) => path || spec.name);
    if (found === undefined) throw new UserError(`${spec.name} has no layer ${layer}; layers with a map: ${maps.join(', ')}`);
    if (!isMap(found.output))
      throw new UserError(`layer ${layer} gives no map of more than one place; layers with one: ${maps.join(', ')}`);
    return { at: { path: layer, side: 'output' }, shape: found.output, text: `the output of ${layer}` };
  }
  const output = outputShapeOf(spec);
  if (isMap(output)) return { at: null, shape: output, text: "the network's output" };
  const last = leaves.findLast(({ input }) => isMap(input));
  if (last === undefined || !isMap(last.input)) throw new UserError(`${spec.name} has no feature map of more than one place to look from`);
  return { at: { path: last.path, side: 'input' }, shape: last.input, text: `the last map, which enters ${last.path || spec.name}` };
}

/** The place in the middle of a map: of two in the middle the later one. */
export function centrePlace([, H, W]: CentreOf['shape']): readonly [y: number, x: number] {
  return [Math.floor(H / 2), Math.floor(W / 2)];
}

/** Shares of all that is seen, for which the smallest square is told; those of the RepLKNet paper. */
export const SQUARE_SHARES = [0.2, 0.3, 0.5, 0.99] as const;
/** A pixel is reached where its gradient is above this share of the largest: float32 leaves less of a zero. */
const REACHED = 1e-6;

const squareSchema = z.object({ share: z.number(), side: count, area: computed });
const fieldSchema = z.object({
  form,
  /** (H, W) of the input, row-major; the largest is 1. */
  map: z.array(z.array(computed)),
  /** Largest value before that. */
  largest: computed,
  /** Smallest square about the centre that holds a share of all: its side in pixels, and its share of the input's area. */
  squares: z.array(squareSchema),
  /** First and last row and column with a reached pixel; null where nothing is seen. */
  extent: z.object({ top: count, left: count, bottom: count, right: count }).nullable(),
  /** Reached pixels as a share of all. */
  reached: computed,
});
/** What one form sees. */
export type ReceptiveField = Stored<z.infer<typeof fieldSchema>>;

const locality = z.object({
  path: z.string(),
  before: z.object({ invariantShare: computed, halfEnergyRadius: computed, longRangeShare: computed }),
  after: z.object({ invariantShare: computed, halfEnergyRadius: computed, longRangeShare: computed }),
});

export const receptiveFieldSchema = z.object({
  model: z.string(),
  /** What the centre is of, where it is in that map, and the map's (C, H, W). */
  from: z.string(),
  map: sizes,
  centre: sizes,
  /** The same place in pixels of the input, and its height and width. */
  pixel: z.array(computed),
  inputSize: sizes,
  inputs: z.object({ source: z.string(), count, seed: z.number().nullable() }),
  method: z.string(),
  backend: z.string(),
  /** Train form first, where there is one. */
  forms: z.array(fieldSchema),
  /** Locality of the blocks' FC3 before and after the merge; empty for networks without blocks in train form. */
  locality: z.array(locality),
});
/** The answer of `receptive-field`. */
export type ReceptiveFieldReport = Stored<z.infer<typeof receptiveFieldSchema>>;

export const RECEPTIVE_FIELD_METHOD =
  'mean over the inputs of |d y / d x|, summed over the channels of x; y is the centre of the map, summed over its channels; batch norms in evaluation mode';

/** The centre of a map of (h, w) in pixels of an input of (H, W). */
export function centrePixel([, h, w]: CentreOf['shape'], [H, W]: readonly [number, number]): readonly [y: number, x: number] {
  const [y, x] = centrePlace([1, h, w]);
  return [((y + 0.5) * H) / h - 0.5, ((x + 0.5) * W) / w - 0.5];
}

/** Measures a map of gradients, (H, W) row-major, about a pixel. Throws UserError where it holds NaN or infinities. */
export function measureField(
  which: ReceptiveField['form'],
  gradients: Float32Array,
  [H, W]: readonly [number, number],
  pixel: readonly [number, number],
): ReceptiveField {
  const bad = gradients.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new UserError(
      `the gradient at pixel (${Math.floor(bad / W)}, ${bad % W}) is ${gradients[bad]}: the network's values overflow on these inputs`,
    );
  const largest = largestOf(gradients, 0);
  const scaled = Array.from(gradients, (value) => (largest === 0 ? 0 : value / largest));
  return {
    form: which,
    map: Array.from({ length: H }, (_, y) => scaled.slice(y * W, (y + 1) * W)),
    largest,
    squares: squaresAbout(scaled, [H, W], pixel),
    ...reachOf(scaled, W),
  };
}

function squaresAbout(
  values: readonly number[],
  [H, W]: readonly [number, number],
  [cy, cx]: readonly [number, number],
): ReceptiveField['squares'] {
  // Of an even map the centre lies between pixels; the square's half side grows by whole pixels from the pixel that holds it.
  const [y0, x0] = [Math.round(cy), Math.round(cx)];
  const most = Math.max(y0, x0, H - 1 - y0, W - 1 - x0);
  const [sums, areas] = [new Float64Array(most + 1), new Float64Array(most + 1)];
  values.forEach((value, index) => {
    const ring = Math.max(Math.abs(Math.floor(index / W) - y0), Math.abs((index % W) - x0));
    sums[ring] += value;
    areas[ring]++;
  });
  const total = sums.reduce((sum, value) => sum + value, 0);
  return SQUARE_SHARES.map((share) => {
    let [held, area, ring] = [0, 0, 0];
    for (; ring <= most; ring++) {
      held += sums[ring];
      area += areas[ring];
      if (held >= share * total) break;
    }
    return { share, side: 2 * Math.min(ring, most) + 1, area: area / (H * W) };
  });
}

function reachOf(values: readonly number[], W: number): Pick<ReceptiveField, 'extent' | 'reached'> {
  let [top, left, bottom, right, reached] = [Infinity, Infinity, -1, -1, 0];
  values.forEach((value, index) => {
    if (value <= REACHED) return;
    const [y, x] = [Math.floor(index / W), index % W];
    [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y), Math.max(right, x)];
    reached++;
  });
  return { extent: reached === 0 ? null : { top, left, bottom, right }, reached: reached / values.length };
}
