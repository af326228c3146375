// One forward pass in training mode and the way back: the loss, the gradient of every variable, and what
// the batch norms saw. The loss is the caller's.
import * as tf from '@tensorflow/tfjs-core';
import { forward, type ParameterSource } from '../../model/forward/forward';
import type { NetworkSpec } from '../../model/spec';
import { variableGradients } from './backpropagation';

export interface GradientRequest {
  readonly spec: NetworkSpec;
  readonly parameter: ParameterSource;
  /** (N, H, W, C). */
  readonly x: tf.Tensor4D;
  readonly variables: readonly tf.Variable[];
  readonly dropoutSeed: number;
  /** Loss of the output and of the side heads' outputs, in the order of the layers. */
  loss(output: tf.Tensor, sideOutputs: readonly tf.Tensor[]): tf.Scalar;
}

/** A batch norm's statistics over the batch; `path` is the batch norm's. */
export interface BatchStatistics {
  readonly path: string;
  readonly mean: tf.Tensor1D;
  /** Unbiased. */
  readonly variance: tf.Tensor1D;
}

/** All tensors are the caller's to dispose. */
export interface Gradients {
  readonly loss: tf.Scalar;
  /** By the variable's own tfjs name. */
  readonly gradients: Record<string, tf.Tensor>;
  readonly statistics: readonly BatchStatistics[];
}

/** Differentiates. Leaves nothing else on the backend. */
export function gradientsOf({ spec, parameter, x, variables, dropoutSeed, loss }: GradientRequest): Gradients {
  const statistics: BatchStatistics[] = [];
  const sideOutputs: tf.Tensor[] = [];
  const forwardLoss = (): tf.Scalar => {
    const output = forward(spec, parameter, x, {
      training: true,
      dropoutSeed,
      onStatistics: (path, mean, variance) => statistics.push({ path, mean, variance }),
      onSideHead: (_, side) => sideOutputs.push(tf.keep(side)),
    });
    return loss(output, sideOutputs);
  };
  try {
    const { value, gradients } = variableGradients(forwardLoss, variables);
    return { loss: value, gradients, statistics };
  } catch (error) {
    tf.dispose(statistics.flatMap(({ mean, variance }) => [mean, variance]));
    throw error;
  } finally {
    tf.dispose(sideOutputs);
  }
}
