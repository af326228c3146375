// What the bundle's `--check` is held against: ten optimizer steps on one batch, computed here in float32. The batch is drawn
// from a seed; its rates are small enough that float32's rounding does not grow from step to step, and the schedule of the
// recipe is held on its own, by its rates at places all over the run.
import type { Engine, ParityResult } from '@shared/compute/engine';
import { outputShapeOf, leavesOf } from '@shared/model/walk';
import { parametersOf } from '@shared/model/parameters';
import type { NetworkSpec } from '@shared/model/spec';
import { seededInput } from '@shared/proof/seeded-inputs';
import { deriveSeed, randomFrom, type Random, type Seed } from '@shared/tensor/random';
import { UserError } from '@shared/base/user-error';
import { elementCount, floatTensor, type NamedTensors, type Tensor } from '@shared/tensor/tensor';
import type { Watch } from '@shared/tensor/parts';
import type { Batch } from '@shared/training/loop/session';
import { classesOf } from '@shared/training/recipe/fit';
import type { BackendChoice, Recipe } from '@shared/training/recipe/recipe';
import { learningRateAt } from '@shared/training/recipe/schedule';

/** Steps that are made, and those after which every tensor is kept. */
const STEPS = 10;
const KEPT = [1, STEPS];
/** Samples of the batch, fewer where they do not fit; with fewer than four a batch norm after a global pool says little. */
const MOST_SAMPLES = 8;
const LEAST_SAMPLES = 4;
/** Bytes that a training step may take: WebAssembly has 4 GB. */
const MOST_BYTES = 3.2e9;
/** Weights, gradients, two moments and a copy on its way out. */
const COPIES_OF_WEIGHTS = 6;
/** A layer's output, its normalised twin, and its gradient. */
const COPIES_OF_OUTPUTS = 3;
const BYTES_PER_FLOAT = 4;
/**
 * How far the layer that moves most is to go in all steps, of its own length: far enough that a slip in the arithmetic shows a
 * hundredfold above the tolerance, not so far that the rounding of gradients, which steps amplify, reaches it.
 */
const WAY = { sgd: 1e-3, adamw: 5e-4 };
/** The way of all steps over that of a first one at the peak rate: rates rise to the peak, SGD's momentum of 0.9 adds to them. */
const STEPS_WAY = { sgd: 25, adamw: 5.5 };
/** A moving average that ten steps move. */
const AVERAGE_DECAY = 0.9;
/** Steps of an epoch in which the schedule is compared. */
const STEPS_PER_EPOCH = 1000;
const SCHEDULE_PLACES = 200;
const IGNORED = 255;

/** Samples of a parity batch that fit in memory; null where not even the fewest do. */
export function paritySamples(spec: NetworkSpec): number | null {
  const weights = parametersOf(spec).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const outputs = leavesOf(spec).reduce((sum, { output }) => sum + elementCount(output), elementCount(inputShape(spec)));
  const left = MOST_BYTES - BYTES_PER_FLOAT * COPIES_OF_WEIGHTS * weights;
  const samples = Math.floor(left / (BYTES_PER_FLOAT * COPIES_OF_OUTPUTS * outputs));
  return samples < LEAST_SAMPLES ? null : Math.min(MOST_SAMPLES, samples);
}

const inputShape = ({ input: { channels, height, width } }: NetworkSpec): number[] => [channels, height, width];

/** What parity.safetensors holds, and what its metadata says of it. */
export interface Parity {
  readonly tensors: NamedTensors;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ParityChoice {
  readonly recipe: Recipe;
  readonly seed: Seed;
  readonly samples: number;
  readonly backend: BackendChoice;
}

/** Makes the steps on an engine. Throws UserError where network and recipe do not fit, or its device has no float32. */
export async function computeParity(
  engine: Engine,
  spec: NetworkSpec,
  weights: NamedTensors,
  { recipe, seed, samples, backend }: ParityChoice,
  watch?: Watch,
): Promise<Parity> {
  const batch = parityBatch(spec, recipe, seed, samples);
  const steps = (by: Recipe, rates: readonly number[], keep: readonly number[], heard?: Watch): Promise<ParityResult> =>
    engine.parity({ spec, weights: copied(weights), recipe: by, batch: copiedBatch(batch), rates, keep, backend }, heard);
  const [bare] = (await steps({ ...recipe, optimizer: BARE, clipNorm: null, ema: null }, [1], [1])).kept;
  const { gradient, steepest } = gradientNorms(weights, bare.weights, recipe.optimizer.kind);
  const peak = WAY[recipe.optimizer.kind] / (STEPS_WAY[recipe.optimizer.kind] * steepest);
  const own = parityRecipe(recipe, gradient, steepest);
  const rates = risingRates(peak);
  const result = await steps(own, rates, KEPT, watch);
  return { tensors: parityTensors(batch, rates, recipe, result), metadata: parityMetadata(own, result) };
}

/** At the rate 1 it subtracts the gradient. */
const BARE: Recipe['optimizer'] = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 };

/**
 * The recipe with numbers by which ten short steps show what else would not show in them: a weight decay as strong as the
 * steepest layer's gradient, a clipping that clips, an average that moves. What the recipe leaves out stays out.
 */
function parityRecipe(recipe: Recipe, gradient: number, steepest: number): Recipe {
  const weightDecay = recipe.optimizer.weightDecay > 0 ? steepest : 0;
  return {
    ...recipe,
    optimizer: { ...recipe.optimizer, weightDecay },
    clipNorm: recipe.clipNorm === null ? null : gradient / 2,
    ema: recipe.ema === null ? null : AVERAGE_DECAY,
  };
}

/** To the peak, so that a step's rate is no other step's. */
function risingRates(peak: number): number[] {
  return Array.from({ length: STEPS }, (_, step) => (peak * (step + 1)) / STEPS);
}

/**
 * Length of the whole gradient, and how far a step at the rate 1 takes the layer (weight and bias, gamma and beta) that it moves
 * most, over the layer's own length: by its gradient, or with AdamW by 1 each number. Throws UserError where nothing moves.
 */
function gradientNorms(
  before: NamedTensors,
  after: NamedTensors,
  kind: Recipe['optimizer']['kind'],
): { gradient: number; steepest: number } {
  const layers = new Map<string, { moved: number; length: number; count: number }>();
  for (const [name, { data }] of before) {
    const [, path, suffix] = /^(.*?)\.?([^.]*)$/.exec(name) ?? [];
    if (suffix !== 'weight' && suffix !== 'bias') continue;
    const layer = layers.get(path) ?? { moved: 0, length: 0, count: 0 };
    const now = after.get(name)?.data ?? [];
    for (let i = 0; i < data.length; i++) {
      layer.moved += (Number(now[i]) - Number(data[i])) ** 2;
      layer.length += Number(data[i]) ** 2;
    }
    layer.count += data.length;
    layers.set(path, layer);
  }
  const all = [...layers.values()];
  const gradient = Math.sqrt(all.reduce((sum, { moved }) => sum + moved, 0));
  const move = ({ moved, length, count }: (typeof all)[number]): number => Math.sqrt((kind === 'sgd' ? moved : count) / length);
  const steepest = all.reduce((most, layer) => (layer.length > 0 ? Math.max(most, move(layer)) : most), 0);
  if (!(gradient > 0 && Number.isFinite(gradient)))
    throw new UserError('a step moves no weight, or to where no number is: this network cannot be trained by this recipe');
  return { gradient, steepest };
}

/** An engine in another thread keeps what it is given. */
function copied(weights: NamedTensors): NamedTensors {
  return new Map([...weights].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
}

function copiedBatch({ images, targets, shape }: Batch): Batch {
  return { images: images.slice(), targets: targets.slice(), shape };
}

/** A batch of noise with targets as the recipe's loss takes them: mixed and smoothed classes, or a class per pixel. */
export function parityBatch(spec: NetworkSpec, recipe: Recipe, seed: Seed, samples: number): Batch {
  const images = seededInput(spec, samples, seed, 'parity-input');
  const random = randomFrom(deriveSeed(seed, 'parity-targets'));
  const shape = [samples, spec.input.channels, spec.input.height, spec.input.width] as const;
  const targets = recipe.loss === 'pixelCrossEntropy' ? pixelTargets(spec, samples, random) : softTargets(spec, samples, recipe, random);
  return { images: images.data, shape: [...shape], targets };
}

function softTargets(spec: NetworkSpec, samples: number, recipe: Recipe, random: Random): Float32Array {
  const classes = classesOf(spec);
  const targets = new Float32Array(samples * classes).fill(recipe.labelSmoothing / classes);
  const share = recipe.mixup > 0 || recipe.cutmix > 0 ? 0.7 : 1;
  for (let n = 0; n < samples; n++) {
    targets[n * classes + random.integer(classes)] += share * (1 - recipe.labelSmoothing);
    targets[n * classes + random.integer(classes)] += (1 - share) * (1 - recipe.labelSmoothing);
  }
  return targets;
}

/** One in ten counts nowhere. */
function pixelTargets(spec: NetworkSpec, samples: number, random: Random): Int32Array {
  const [classes, height, width] = outputShapeOf(spec);
  const label = (): number => (random.uniform() < 0.1 ? IGNORED : random.integer(classes));
  return Int32Array.from({ length: samples * height * width }, label);
}

function parityTensors({ images, shape, targets }: Batch, rates: readonly number[], recipe: Recipe, result: ParityResult): NamedTensors {
  const places = schedulePlaces(recipe);
  const doubles = (values: readonly number[]): Tensor => ({ shape: [values.length], dtype: 'float64', data: Float64Array.from(values) });
  return new Map<string, Tensor>([
    ['input.images', floatTensor(shape, images)],
    ['input.targets', targetsTensor(targets, shape)],
    ['rates', doubles(rates)],
    ['losses', doubles(result.losses)],
    ['outputs.before', result.before],
    ['outputs.after', result.after],
    ['schedule.iterations', { shape: [places.length], dtype: 'int64', data: BigInt64Array.from(places, BigInt) }],
    ['schedule.rates', doubles(places.map((place) => learningRateAt(recipe.schedule, place, lengthOf(recipe))))],
    ...result.kept.flatMap(({ steps, weights, average }) => [
      ...prefixed(`after${steps}.`, weights),
      ...(average !== null && steps === STEPS ? prefixed('average.', average) : []),
    ]),
  ]);
}

function prefixed(prefix: string, weights: NamedTensors): [string, Tensor][] {
  return [...weights].map(([name, tensor]) => [`${prefix}${name}`, tensor]);
}

function targetsTensor(targets: Float32Array | Int32Array, [samples, , height, width]: Batch['shape']): Tensor {
  if (targets instanceof Float32Array) return floatTensor([samples, targets.length / samples], targets);
  return { shape: [samples, height, width], dtype: 'int32', data: targets };
}

const lengthOf = ({ epochs }: Recipe) => ({ stepsPerEpoch: STEPS_PER_EPOCH, epochs });

/** Iterations of a run: evenly over it, those of its warm-up, and both sides of its milestones. */
function schedulePlaces({ schedule, epochs }: Recipe): number[] {
  const total = epochs * STEPS_PER_EPOCH;
  const evenly = (length: number): number[] =>
    Array.from({ length: SCHEDULE_PLACES }, (_, i) => Math.floor((i * length) / SCHEDULE_PLACES));
  const sides = schedule.milestones.flatMap((milestone) => [milestone - 1, milestone]);
  const places = [...evenly(total), ...evenly(schedule.warmupEpochs * STEPS_PER_EPOCH), ...sides, total - 1];
  return [...new Set(places)].sort((a, b) => a - b);
}

/** What a reader needs besides the tensors: `instead` are the numbers that the steps took in place of the recipe's. */
function parityMetadata({ optimizer, clipNorm, ema }: Recipe, { backend }: ParityResult): Record<string, string> {
  const instead = { weight_decay: optimizer.weightDecay, clip_grad: clipNorm, ...(ema !== null && { model_ema_decay: ema }) };
  return {
    backend,
    precision: 'float32',
    steps: String(STEPS),
    schedule: JSON.stringify({ stepsPerEpoch: STEPS_PER_EPOCH }),
    instead: JSON.stringify(instead),
  };
}
