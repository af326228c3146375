// The tensors of a training session by their state_dict names: parameters, running statistics, moments,
// the moving average (EMA) where the recipe has one, and the counters, which stay in JavaScript.
import * as tf from '@tensorflow/tfjs-core';
import { checkWeights } from '../../model/fit';
import { isTrainable, parametersOf, type Parameter } from '../../model/parameters';
import { BN_MOMENTUM, joinPath, type NetworkSpec } from '../../model/spec';
import { floatTensor, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { OPTIMIZERS } from '../../training/recipe/optimizers';
import type { Recipe } from '../../training/recipe/recipe';
import type { BatchStatistics } from './gradients';
import { HalfStep } from '../../training/loop/half-step';
import { blend, type OptimizedParameter } from './optimizer';
import { parameterNamed, toDevice } from './upload';

/** Name of the optimizer's step counter in a stored state. */
const STEPS = 'optimizer.steps';
/** Prefix of the weights being trained where the stored weights are their moving average. */
export const TRAINED = 'trained.';

export class SessionTensors {
  readonly optimized: readonly OptimizedParameter[];
  readonly #parameters: readonly Parameter[];
  readonly #values: ReadonlyMap<string, tf.Variable>;
  readonly #averages: ReadonlyMap<string, tf.Variable> | null;
  /** Of each parameter's moments, as stored. */
  readonly #momentNames: readonly string[];
  readonly #decay: number;
  readonly #counters: Map<string, bigint>;
  #steps: number;
  #halfStep: HalfStep | null = null;

  /** Throws UserError where the weights do not fit the network. */
  constructor(spec: NetworkSpec, weights: NamedTensors, recipe: Recipe, state: NamedTensors = new Map()) {
    checkWeights(spec, weights);
    this.#parameters = parametersOf(spec);
    const floats = this.#parameters.filter(({ role }) => role !== 'counter');
    const uploaded = (tensor: Tensor): tf.Variable => tf.tidy(() => tf.variable(toDevice(tensor), true));
    const stored = (name: string): Tensor => weights.get(name) as Tensor;
    this.#values = new Map(floats.map(({ name }) => [name, uploaded(state.get(`${TRAINED}${name}`) ?? stored(name))]));
    this.#averages = recipe.ema === null ? null : new Map(floats.map(({ name }) => [name, uploaded(stored(name))]));
    this.#momentNames = OPTIMIZERS[recipe.optimizer.kind].moments;
    this.#decay = recipe.ema ?? 0;
    this.#counters = new Map(countersOf(this.#parameters, weights));
    this.#steps = Number(state.get(STEPS)?.data[0] ?? 0);
    this.optimized = floats.filter(({ role }) => isTrainable(role)).map((parameter) => this.#optimize(parameter, recipe, state));
  }

  #optimize({ name, shape, role }: Parameter, recipe: Recipe, state: NamedTensors): OptimizedParameter {
    const moments = this.#momentNames.map((moment) => {
      const stored = state.get(`optimizer.${moment}.${name}`);
      return tf.tidy(() => tf.variable(stored ? toDevice(stored) : tf.zeros([...shape]), false));
    });
    const decays = !recipe.decayMatricesOnly || (shape.length > 1 && role !== 'bias');
    return { name, value: this.parameter(name), decays, moments };
  }

  /** A tensor being trained, or a running statistic. */
  parameter(name: string): tf.Variable {
    return parameterNamed(this.#values, name);
  }

  /** The tensor that evaluation and checkpoints use: the moving average where there is one. */
  evaluated(name: string): tf.Variable {
    this.#expectWhole();
    return parameterNamed(this.#averages ?? this.#values, name);
  }

  /** Optimizer steps so far, the one under way included. */
  get steps(): number {
    return this.#steps;
  }

  /** Makes a step by `change`. Throws HalfStep where it throws, and from then on whenever values are asked for. */
  changeBy(change: () => void): void {
    this.#expectWhole();
    this.#steps++;
    try {
      change();
    } catch (error) {
      this.#halfStep = new HalfStep(`step ${this.#steps} was only done in part: ${(error as Error).message}`, { cause: error });
      throw this.#halfStep;
    }
  }

  #expectWhole(): void {
    if (this.#halfStep !== null) throw this.#halfStep;
  }

  /** Moves the running statistics by one batch, as PyTorch does, and disposes the batch's. */
  follow(statistics: readonly BatchStatistics[]): void {
    const pairs = statistics.flatMap(({ path, mean, variance }) => [
      { value: this.parameter(joinPath(path, 'running_mean')), batch: mean },
      { value: this.parameter(joinPath(path, 'running_var')), batch: variance },
    ]);
    blend(pairs, BN_MOMENTUM);
    tf.dispose(pairs.map(({ batch }) => batch));
    for (const { path } of statistics) {
      const counter = joinPath(path, 'num_batches_tracked');
      this.#counters.set(counter, (this.#counters.get(counter) ?? 0n) + 1n);
    }
  }

  /** Moves the average by one step. */
  average(): void {
    if (!this.#averages) return;
    const pairs = [...this.#averages].map(([name, value]) => ({ value, batch: this.parameter(name) }));
    blend(pairs, 1 - this.#decay);
  }

  /** The state_dict as evaluation uses it. */
  async weights(): Promise<NamedTensors> {
    const tensors = new Map<string, Tensor>();
    for (const { name, shape, role } of this.#parameters) {
      if (role === 'counter') tensors.set(name, { shape, dtype: 'int64', data: BigInt64Array.of(this.#counters.get(name) ?? 0n) });
      else tensors.set(name, await download(this.evaluated(name)));
    }
    return tensors;
  }

  /** Moments, step counter and, beside a moving average, the weights being trained. */
  async state(): Promise<NamedTensors> {
    this.#expectWhole();
    const { optimized, steps } = this;
    const tensors = new Map<string, Tensor>([[STEPS, { shape: [1], dtype: 'float64', data: Float64Array.of(steps) }]]);
    for (const { name, moments } of optimized)
      for (const [i, moment] of moments.entries()) tensors.set(`optimizer.${this.#momentNames[i]}.${name}`, await download(moment));
    if (this.#averages) for (const [name, value] of this.#values) tensors.set(`${TRAINED}${name}`, await download(value));
    return tensors;
  }

  dispose(): void {
    this.#values.forEach((value) => value.dispose());
    this.#averages?.forEach((average) => average.dispose());
    this.optimized.forEach(({ moments }) => tf.dispose([...moments]));
  }
}

function* countersOf(parameters: readonly Parameter[], weights: NamedTensors): Generator<[string, bigint]> {
  for (const { name, role } of parameters) if (role === 'counter') yield [name, BigInt(Number(weights.get(name)?.data[0] ?? 0))];
}

async function download(value: tf.Tensor): Promise<Tensor> {
  return floatTensor(value.shape, (await value.data<'float32'>()).slice());
}
