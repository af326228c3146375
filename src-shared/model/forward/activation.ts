// Element-wise activations, each from functions whose gradient every backend has.
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient';
import { assertNever } from '../../base/assert-never';
import type { ActivationFunction } from '../spec';
import { constant } from './constants';
import type { ForwardContext } from './context';
import { hasKernel, runKernel } from './kernels/own-kernels';

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

/** f(x), whose gradient a backend's own kernel makes in one pass of dy and either x or y = f(x). */
function withKernelGradient<T extends tf.Tensor>(x: T, f: (x: tf.Tensor) => tf.Tensor, kernel: string, from: 'x' | 'y'): T {
  return withGradient([x] as const, ([x], save) => {
    const y = f(x);
    save([from === 'x' ? x : y]);
    return { value: y, gradFunc: (dy, [kept]) => runKernel<tf.Tensor>(kernel, { dy, [from]: kept }) };
  }) as T;
}

/** The positive part of x; its gradient in one pass where the backend has a kernel for it, in three otherwise. */
export function relu<T extends tf.Tensor>(x: T): T {
  return hasKernel(RELU_GRADIENT_KERNEL) ? withKernelGradient(x, tf.relu, RELU_GRADIENT_KERNEL, 'y') : tf.relu(x);
}

/** Exact GELU, x * Phi(x) by the error function (not the tanh approximation). */
function gelu(x: tf.Tensor): tf.Tensor {
  if (!hasKernel(GELU_KERNEL)) return tf.mul(tf.mul(x, constant(0.5)), tf.add(tf.erf(tf.mul(x, constant(Math.SQRT1_2))), constant(1)));
  return withKernelGradient(x, (x) => runKernel<tf.Tensor>(GELU_KERNEL, { x }), GELU_GRADIENT_KERNEL, 'x');
}
