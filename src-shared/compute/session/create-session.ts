// A network in training on a backend: weights, running statistics and moments stay there between steps.
// Batch norms follow PyTorch: running = 0.9 * running + 0.1 * batch, variance unbiased, batches counted.
import * as tf from '@tensorflow/tfjs-core';
import { Constants, withConstants } from '../../model/forward/constants';
import type { NetworkSpec } from '../../model/spec';
import { deriveSeed, type Seed } from '../../tensor/random';
import type { NamedTensors } from '../../tensor/tensor';
import { embeddingSpec } from '../../training/evaluation/evaluate-faces';
import type { BackendName, Recipe } from '../../training/recipe/recipe';
import { useBackend } from '../backend/choose';
import { gradientsOf, type Gradients } from './gradients';
import { type KernelFailure, repeated } from '../kernel-failure';
import { recipeLoss, shareRight, type Targets } from './loss';
import { clipGradients, update } from './optimizer';
import { predict, predictInParts } from './predictor';
import type { Batch, StepResult, TrainingSession } from '../../training/loop/session';
import { normsOf } from './norms';
import { Reports } from './reports';
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
  const embedding = embeddingSpec(options.spec);
  const constants = new Constants();
  const on = <T>(action: () => T): T => {
    useBackend(options.backend);
    return withConstants(constants, action);
  };
  const reports = new Reports(on);
  const predictorOf =
    (spec: NetworkSpec): TrainingSession['predict'] =>
    (images, shape) =>
      predictInParts(spec, images, shape, (part, partShape) => on(() => predict(spec, (name) => tensors.evaluated(name), part, partShape)));
  return {
    step: (batch, learningRate, asked) => on(() => step(options, { tensors, reports }, batch, learningRate, asked?.norms ?? false)),
    predict: predictorOf(options.spec),
    embed: predictorOf(embedding),
    weights: () => on(() => tensors.weights()),
    state: () => on(() => tensors.state()),
    memory: () => memoryInUse(),
    dispose: () => {
      tensors.dispose();
      reports.dispose();
      constants.dispose();
    },
  };
}

function memoryInUse(): { tensors: number; bytes: number } {
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}

/** Where a session keeps what its steps need and give. */
interface Kept {
  readonly tensors: SessionTensors;
  readonly reports: Reports;
}

function step(options: SessionOptions, { tensors, reports }: Kept, batch: Batch, learningRate: number, measured: boolean): StepResult {
  const remarks: string[] = [];
  const told = ({ message }: KernelFailure): void => void remarks.push(message);
  const { report, gradients, statistics, norms } = repeated(() => differentiate(options, tensors, batch, measured), told);
  tensors.changeBy(() => {
    update(tensors.optimized, gradients, { config: options.recipe.optimizer, learningRate, step: tensors.steps });
    tf.dispose(gradients);
    tensors.follow(statistics);
    tensors.average();
  });
  return { read: reports.add(report), norms, ...(remarks.length > 0 && { remarks }) };
}

type StepGradients = Omit<Gradients, 'loss'> & {
  /** [loss, share of right predictions]. */
  readonly report: tf.Tensor1D;
  readonly norms: StepResult['norms'];
};

/** Uploads the batch and differentiates the recipe's loss; gradients clipped, their norms those before. Changes nothing. */
function differentiate({ spec, recipe, seed }: SessionOptions, tensors: SessionTensors, batch: Batch, measured: boolean): StepGradients {
  const passing: tf.Tensor[] = [];
  const own = <T extends tf.Tensor>(tensor: T): T => {
    passing.push(tensor);
    return tensor;
  };
  try {
    const targets = own(uploadTargets(batch));
    const x = own(uploadImages(batch.images, batch.shape));
    const right: tf.Scalar[] = [];
    const { loss, gradients, statistics } = gradientsOf({
      spec,
      x,
      parameter: (name) => tensors.parameter(name),
      variables: tensors.optimized.map((parameter) => parameter.value),
      dropoutSeed: deriveSeed(seed, `dropout/${tensors.steps}`),
      loss: (output, sideOutputs) => {
        right.push(own(tf.keep(shareRight(output, targets))));
        return recipeLoss(output, sideOutputs, targets, recipe);
      },
    });
    // What a failure from here on would leave behind.
    const made = [gradients, statistics.map(({ mean, variance }) => [mean, variance])];
    return undone(made, () => {
      const report = tf.stack([own(loss), right[0]]) as tf.Tensor1D;
      const norms = measured ? normsOf(tensors.optimized, gradients) : undefined;
      return { report, norms, statistics, gradients: recipe.clipNorm === null ? gradients : clipGradients(gradients, recipe.clipNorm) };
    });
  } finally {
    tf.dispose(passing);
  }
}

/** What `action` gives; where it throws, the tensors in `made` are disposed. */
function undone<T>(made: tf.TensorContainer, action: () => T): T {
  try {
    return action();
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}

function uploadTargets({ targets, shape }: Batch): Targets {
  const [N, , H, W] = shape;
  if (targets instanceof Int32Array) return tf.tensor3d(targets, [N, H, W], 'int32');
  return tf.tensor2d(targets, [N, targets.length / N]);
}
