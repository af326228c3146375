// A network in training on a backend: weights, running statistics and moments stay there between steps.
// Batch norms follow PyTorch: running = 0.9 * running + 0.1 * batch, variance unbiased, batches counted.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import { BN_MOMENTUM, joinPath, type NetworkSpec } from '../model/spec';
import { deriveSeed, type Seed } from '../tensor/random';
import type { NamedTensors } from '../tensor/tensor';
import type { BackendName, Recipe } from '../training/recipe';
import { useBackend } from './backend/choose';
import { lossOf, shareRight, type Targets } from './loss';
import { clipGradients, update } from './optimizer';
import { predict } from './predictor';
import type { Batch, StepResult, TrainingSession } from './session';
import { SessionTensors } from './session-tensors';
import { uploadImages } from './upload';

export interface SessionOptions {
  readonly spec: NetworkSpec;
  /** Every tensor of the state_dict; with a `state` from an averaging recipe, the averaged ones. */
  readonly weights: NamedTensors;
  readonly recipe: Recipe;
  readonly seed: Seed;
  /** An opened backend. */
  readonly backend: BackendName;
  /** What `state()` gave when the run was stored. */
  readonly state?: NamedTensors;
}

/** Starts (or goes on with) training. Throws UserError where weights or state do not fit the network. */
export function createSession(options: SessionOptions): TrainingSession {
  useBackend(options.backend);
  const tensors = new SessionTensors(options.spec, options.weights, options.recipe, options.state);
  const on = <T>(action: () => T): T => {
    useBackend(options.backend);
    return action();
  };
  return {
    step: (batch, learningRate) => on(() => step(options, tensors, batch, learningRate)),
    predict: (images, shape) => on(() => predict(options.spec, (name) => tensors.evaluated(name), images, shape)),
    weights: () => on(() => tensors.weights()),
    state: () => on(() => tensors.state()),
    memory: () => memoryInUse(),
    dispose: () => tensors.dispose(),
  };
}

function memoryInUse(): { tensors: number; bytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}

function step(options: SessionOptions, tensors: SessionTensors, batch: Batch, learningRate: number): StepResult {
  const { recipe } = options;
  const { value: report, gradients, statistics } = gradientsOf(options, tensors, batch);
  const clipped = recipe.clipNorm === null ? gradients : clipGradients(gradients, recipe.clipNorm);
  tensors.steps++;
  for (const parameter of tensors.optimized) {
    const gradient = clipped[parameter.value.name];
    if (gradient) update(parameter, gradient, recipe.optimizer, learningRate, tensors.steps);
  }
  tf.dispose(clipped);
  updateStatistics(tensors, statistics);
  tensors.average();
  return resultOf(report);
}

interface Statistics {
  readonly path: string;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

interface Gradients {
  /** [loss, share of right predictions]. */
  readonly value: tf.Tensor1D;
  /** By tfjs variable name. */
  readonly gradients: Record<string, tf.Tensor>;
  readonly statistics: readonly Statistics[];
}

/** Forward in training mode and backward; everything returned is the caller's to dispose. */
export function gradientsOf({ spec, recipe, seed }: SessionOptions, tensors: SessionTensors, batch: Batch): Gradients {
  const statistics: Statistics[] = [];
  let gradients: Record<string, tf.Tensor> = {};
  const value = tf.tidy(() => {
    const targets = uploadTargets(batch);
    const x = uploadImages(batch.images, batch.shape);
    let right: tf.Scalar | null = null;
    const loss = (): tf.Scalar => {
      const sideOutputs: tf.Tensor[] = [];
      const output = forward(spec, (name) => tensors.parameter(name), x, {
        training: true,
        dropoutSeed: deriveSeed(seed, `dropout/${tensors.steps}`),
        onStatistics: (path, mean, variance) => statistics.push({ path, mean, variance }),
        onSideHead: (_, side) => sideOutputs.push(tf.keep(side)),
      });
      right = tf.keep(shareRight(output, targets));
      const losses = [
        lossOf(output, targets, recipe),
        ...sideOutputs.map((side) => tf.mul(lossOf(side, targets, recipe), recipe.auxiliaryWeight)),
      ];
      tf.dispose(sideOutputs);
      return tf.addN(losses) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(
      loss,
      tensors.optimized.map((parameter) => parameter.value),
    ); // prettier-ignore
    const report = tf.stack([value, right as unknown as tf.Scalar]) as tf.Tensor1D;
    tf.dispose(right as unknown as tf.Scalar);
    Object.values(grads).forEach((gradient) => tf.keep(gradient));
    gradients = grads;
    return tf.keep(report);
  });
  return { value, gradients, statistics };
}

function uploadTargets({ targets, shape }: Batch): Targets {
  const [N, , H, W] = shape;
  if (targets instanceof Int32Array) return tf.tensor3d(targets, [N, H, W], 'int32');
  return tf.tensor2d(targets, [N, targets.length / N]);
}

function updateStatistics(tensors: SessionTensors, statistics: readonly Statistics[]): void {
  for (const { path, mean, variance } of statistics) {
    const blend = (suffix: string, batch: tf.Tensor1D): void => {
      const running = tensors.parameter(joinPath(path, suffix));
      running.assign(tf.tidy(() => tf.add(tf.mul(running, 1 - BN_MOMENTUM), tf.mul(batch, BN_MOMENTUM))));
    };
    blend('running_mean', mean);
    blend('running_var', variance);
    tensors.countBatch(joinPath(path, 'num_batches_tracked'));
    tf.dispose([mean, variance]);
  }
}

/** Reading may be asked for more than once; the backend's copy is freed by the first. */
function resultOf(report: tf.Tensor1D): StepResult {
  let reading: Promise<{ loss: number; metric: number }> | null = null;
  const read = async (): Promise<{ loss: number; metric: number }> => {
    const [loss, metric] = await report.data<'float32'>();
    report.dispose();
    return { loss, metric };
  };
  return { read: () => (reading ??= read()) };
}
