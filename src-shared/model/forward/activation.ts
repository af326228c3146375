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
      return relu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'gelu':
      return gelu(x);
    case 'prelu':
      return tf.sub(relu(x), tf.mul(context.parameter(slopeName), relu(tf.neg(x))));
    default:
      return assertNever(activation);
  }
}

/** A backend's own kernel: dy, y -> dy where y > 0. */
export const RELU_GRADIENT_KERNEL = 'ReluGradient';

/** The positive part of x; its gradient in one pass where the backend has a kernel for it, in three otherwise. */
export function relu<T extends tf.Tensor>(x: T): T {
  if (!tf.getKernel(RELU_GRADIENT_KERNEL, tf.getBackend())) return tf.relu(x);
  const operation = tf.customGrad((...inputs) => {
    const x = inputs[0] as unknown as tf.Tensor;
    const save = inputs[1] as unknown as tf.GradSaveFunc;
    const y = tf.relu(x);
    save([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => tf.engine().runKernel<tf.Tensor>(RELU_GRADIENT_KERNEL, { dy, y }) };
  });
  return operation(x) as T;
}

/** Exact GELU, x * Phi(x) by the error function (not the tanh approximation). */
function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
