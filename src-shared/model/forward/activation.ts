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
/** A backend's own kernels: x -> GELU of x; dy, x -> the gradient of x. */
export const GELU_KERNEL = 'Gelu';
export const GELU_GRADIENT_KERNEL = 'GeluGradient';

const hasKernel = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;
const run = (kernel: string, inputs: tf.NamedTensorMap): tf.Tensor => tf.engine().runKernel<tf.Tensor>(kernel, inputs);

/** The positive part of x; its gradient in one pass where the backend has a kernel for it, in three otherwise. */
export function relu<T extends tf.Tensor>(x: T): T {
  if (!hasKernel(RELU_GRADIENT_KERNEL)) return tf.relu(x);
  const operation = tf.customGrad((...inputs) => {
    const y = tf.relu(inputs[0] as unknown as tf.Tensor);
    (inputs[1] as unknown as tf.GradSaveFunc)([y]);
    return { value: y, gradFunc: (dy: tf.Tensor, [y]: tf.Tensor[]) => run(RELU_GRADIENT_KERNEL, { dy, y }) };
  });
  return operation(x) as T;
}

/** Exact GELU, x * Phi(x) by the error function (not the tanh approximation). */
function gelu(x: tf.Tensor): tf.Tensor {
  if (!hasKernel(GELU_KERNEL)) return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
  const operation = tf.customGrad((...inputs) => {
    const x = inputs[0] as unknown as tf.Tensor;
    (inputs[1] as unknown as tf.GradSaveFunc)([x]);
    return { value: run(GELU_KERNEL, { x }), gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => run(GELU_GRADIENT_KERNEL, { dy, x }) };
  });
  return operation(x);
}
