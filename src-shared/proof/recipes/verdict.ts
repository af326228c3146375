// The verdict on merged groups: each is run in both forms on inputs of its own, and inside, edges and corners are judged
// apart, for a wrong border hides in a mean. Everything else of the file must be there unchanged.
import { z } from 'zod';
import { computed, count, sizes, type Stored } from '../../base/sent';
import { toFloat64 } from '../../tensor/convert';
import { randomFrom, seed as seedOf } from '../../tensor/random';
import { sameShape, shapeText, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { biasOfRows, kernelSizeOf, mapOfTensor, type AffineMap } from '../../merge/recipes/algebra/affine-map';
import type { Group } from '../../merge/recipes/bind-group';
import { evaluated, magnitudes, mergedModules, type MergedModule } from '../../merge/recipes/evaluate-group';
import { SAME, type Array64, type Running } from './layers64';
import { Refusal } from '../../merge/recipes/algebra/refusal';
import type { GivenSettings } from '../../merge/recipes/settings';
import { layerOf, trainForm } from './train-form';
import { runToEnd } from '../../base/run-to-end';

/** Where on the map an output stands: all taps inside, taps over one side, or over two. */
export const REGIONS = ['inside', 'edge', 'corner'] as const;
export type Region = (typeof REGIONS)[number];

const regionVerdict = z.object({
  region: z.enum(REGIONS),
  outputs: count,
  /** Largest difference of the two forms. */
  maxAbs: computed,
  /** Largest output of the training form. */
  largest: computed,
  /** Largest difference as a share of what is admitted for that very output; equivalent up to 1. */
  worstShare: computed,
  /** The output of the largest share: its index and both values. */
  worst: z.object({ index: z.array(count), train: computed, merged: computed }),
});
/** The outputs of one region. */
export type RegionVerdict = Stored<z.infer<typeof regionVerdict>>;

const moduleVerdict = z.object({
  weight: z.string(),
  equivalent: z.boolean(),
  regions: z.array(regionVerdict),
  /** What is wrong before any number is compared: a tensor that is missing or of another shape. */
  problem: z.string().nullable(),
  inputShape: sizes.nullable(),
});
/** One merged layer against the part of the block it stands for. */
export type ModuleVerdict = Stored<z.infer<typeof moduleVerdict>>;

export const groupVerdictSchema = z.object({
  recipe: z.string(),
  prefix: z.string(),
  equivalent: z.boolean(),
  modules: z.array(moduleVerdict),
  refusal: z.string().nullable(),
});
/** Both forms of one group. */
export type GroupVerdict = Stored<z.infer<typeof groupVerdictSchema>>;

/** Roundings of float32 admitted for each number: merges elsewhere run in float32 (factor, product, a few sums). */
const ROUNDINGS = 8;
const FLOAT32_UNIT = 2 ** -24;
export const STORED_UNIT: Readonly<Record<string, number>> = {
  float64: 2 ** -53,
  float32: FLOAT32_UNIT,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
};

export const TOLERANCE_REASON =
  `both forms run in double precision; each merged number may be off by ${ROUNDINGS} roundings of float32 (2^-24 each) of the sum of the ` +
  'magnitudes it is made of, and by one rounding of the type it is stored in; an output may be off by that much times the magnitudes it reads';

/** Runs both forms of a group at once; as `verifyGroupStepwise`. */
export function verifyGroup(...asked: Parameters<typeof verifyGroupStepwise>): GroupVerdict {
  return runToEnd(verifyGroupStepwise(...asked));
}

/** Runs both forms of a group, giving way in between. `merged` holds the merged tensors under the names of the recipe (a file made here or elsewhere). */
export function* verifyGroupStepwise(
  group: Group,
  train: NamedTensors,
  merged: NamedTensors,
  settings: GivenSettings = {},
  seed = 1,
): Generator<undefined, GroupVerdict> {
  const { recipe, prefix } = group;
  try {
    const values = evaluated(group, train, settings);
    const bounds = new Map(mergedModules(group, magnitudes(group, train, settings)).map(({ weight, map }) => [weight, map]));
    const layers = trainForm(group, train, settings);
    const modules: ModuleVerdict[] = [];
    for (const module of mergedModules(group, values)) {
      const layer = layers.maps.get(recipe.merged[module.module])?.[0].value;
      const bound = bounds.get(module.weight);
      if (!layer || !bound) throw new RangeError(`${module.weight} has no training form`);
      modules.push(yield* verifyModule(module, merged, (x) => layer.run(x, SAME), bound, seed));
    }
    return { recipe: recipe.name, prefix, equivalent: modules.every(({ equivalent }) => equivalent), modules, refusal: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { recipe: recipe.name, prefix, equivalent: false, modules: [], refusal: error.message };
  }
}

function* verifyModule(
  module: MergedModule,
  merged: NamedTensors,
  run: (x: Array64) => Running,
  bound: AffineMap,
  seed: number,
): Generator<undefined, ModuleVerdict> {
  const [weight, bias] = [merged.get(module.weight), merged.get(module.bias) ?? null];
  const problem = problemOf(module, weight, bias);
  if (problem !== null || !weight) return { weight: module.weight, equivalent: false, regions: [], problem, inputShape: null };
  const inputs = inputsFor(module.map, seed);
  const stored = mapOfTensor(weight, bias, false);
  const truth = yield* run(inputs);
  const ours = yield* layerOf(stored).run(inputs, SAME);
  const share = ROUNDINGS * FLOAT32_UNIT + (STORED_UNIT[weight.dtype] ?? 0);
  const room = yield* layerOf(bound).run(magnitudeOf(inputs), SAME);
  const regions = regionsOf(truth, ours, room, share, kernelSizeOf(stored));
  const turned = module.map.bias !== null && biasOfRows(module.map) === null && !sameBias(module.map.bias, stored.bias, bound.bias, share);
  if (turned) return { weight: module.weight, equivalent: false, regions, problem: `${module.bias} differs`, inputShape: inputs.shape };
  return {
    weight: module.weight,
    equivalent: regions.every(({ worstShare }) => worstShare <= 1),
    regions,
    problem: null,
    inputShape: inputs.shape,
  };
}

/** Whether a bias that no output here reads (of a matrix stored turned) is right, number by number. */
function sameBias(wanted: Float64Array, stored: Float64Array | null, bound: Float64Array | null, share: number): boolean {
  return wanted.every((value, i) => Math.abs(value - (stored?.[i] ?? NaN)) <= share * (bound?.[i] ?? 0));
}

function problemOf(module: MergedModule, weight: Tensor | undefined, bias: Tensor | null): string | null {
  if (!weight) return `${module.weight} is missing`;
  if (!sameShape(weight.shape, module.map.shape))
    return `${module.weight} has shape ${shapeText(weight.shape)}; expected ${shapeText(module.map.shape)}`;
  if (module.map.bias && !bias) return `${module.bias} is missing`;
  if (bias && !module.map.bias && toFloat64(bias).some((value) => value !== 0)) return `${module.bias} is there; this layer has no bias`;
  if (bias && module.map.bias && bias.data.length !== module.map.bias.length)
    return `${module.bias} has shape ${shapeText(bias.shape)}; expected ${module.map.bias.length}`;
  return null;
}

/** Standard normal inputs, large enough that some outputs read no border. */
export function inputsFor(map: AffineMap, seed: number): Array64 {
  const [K, L] = kernelSizeOf(map);
  const [O, C] = map.shape;
  const groups = map.groups ?? (C === 1 && map.shape.length === 4 ? O : 1);
  const shape = map.shape.length === 4 ? [2, C * groups, K + 1, L + 2] : [4, C];
  const random = randomFrom(seedOf(seed));
  return { shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()) };
}

export function magnitudeOf({ shape, data }: Array64): Array64 {
  return { shape, data: data.map(Math.abs) };
}

/** Compares outputs region by region; a NaN is no equality. */
function regionsOf(truth: Array64, ours: Array64, room: Array64, share: number, [K, L]: readonly [number, number]): RegionVerdict[] {
  const [, , H = 1, W = 1] = truth.shape;
  const found = new Map<Region, { outputs: number; maxAbs: number; largest: number; worstShare: number; worstAt: number }>();
  for (let i = 0; i < truth.data.length; i++) {
    const region = regionAt(Math.floor(i / W) % H, i % W, H, W, (K - 1) / 2, (L - 1) / 2);
    const sum = found.get(region) ?? { outputs: 0, maxAbs: 0, largest: 0, worstShare: -1, worstAt: i };
    const difference = Math.abs(truth.data[i] - ours.data[i]);
    const shareHere = shareOf(difference, share * room.data[i]);
    sum.outputs++;
    sum.maxAbs = Math.max(sum.maxAbs, Number.isNaN(difference) ? Infinity : difference);
    sum.largest = Math.max(sum.largest, Math.abs(truth.data[i]));
    if (shareHere > sum.worstShare) [sum.worstShare, sum.worstAt] = [shareHere, i];
    found.set(region, sum);
  }
  return REGIONS.flatMap((region) => {
    const sum = found.get(region);
    if (!sum) return [];
    const { worstAt, ...numbers } = sum;
    return [
      { region, ...numbers, worst: { index: indexOf(worstAt, truth.shape), train: truth.data[worstAt], merged: ours.data[worstAt] } },
    ];
  });
}

function shareOf(difference: number, admitted: number): number {
  if (difference === 0) return 0;
  return Number.isNaN(difference) || admitted === 0 ? Infinity : difference / admitted;
}

function indexOf(at: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1, rest = at; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

function regionAt(i: number, j: number, H: number, W: number, top: number, left: number): Region {
  const sides = Number(i < top || i >= H - top) + Number(j < left || j >= W - left);
  return sides === 0 ? 'inside' : sides === 1 ? 'edge' : 'corner';
}
