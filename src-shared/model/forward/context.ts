// What every layer of the forward pass gets besides its input: where its parameters come from and
// whether batch norms use the batch's statistics (training) or the stored ones (evaluation).
import type * as tf from '@tensorflow/tfjs-core';

/** Gives the parameter of a name of `parametersOf(spec)`, in PyTorch layout. */
export type ParameterSource = (name: string) => tf.Tensor;

/** How the network is run. */
export interface ForwardMode {
  readonly training: boolean;
  /** Seed of this step's dropout masks; needed in training where the network has dropout. */
  readonly dropoutSeed?: number;
  /** Every leaf's output and input, (N, H, W, C) or (N, features). They live only during the call: keep a clone to use them later. */
  readonly onLayer?: (path: string, output: tf.Tensor, input: tf.Tensor) => void;
  /** Training: a batch norm's statistics over the batch, variance unbiased; the receiver owns both tensors. */
  readonly onStatistics?: (path: string, mean: tf.Tensor1D, unbiasedVariance: tf.Tensor1D) => void;
  /** Training: the output of a side head, part of the gradient's graph. */
  readonly onSideHead?: (path: string, output: tf.Tensor) => void;
}

/** A mode with its parameters: passed down through all layers. */
export interface ForwardContext extends ForwardMode {
  readonly parameter: ParameterSource;
}
