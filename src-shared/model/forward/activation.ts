// Element-wise activations, each from functions whose gradient every backend has.
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../assert-never';
import type { ActivationFunction } from '../spec';
import type { ForwardContext } from './context';

/** `activation` of x. PReLU reads its slope per channel (last axis) from the parameter `slopeName`. */
export function activate(x: tf.Tensor, activation: ActivationFunction, slopeName: string, context: ForwardContext): tf.Tensor {
  switch (activation) {
    case 'none':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'gelu':
      return gelu(x);
    case 'prelu':
      return tf.sub(tf.relu(x), tf.mul(context.parameter(slopeName), tf.relu(tf.neg(x))));
    default:
      return assertNever(activation);
  }
}

/** Exact GELU, x * Phi(x) by the error function (not the tanh approximation). */
function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
