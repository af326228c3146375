// Sums and means whose gradient is spread by the backend; tfjs's own uploads an array of ones for it.
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient';
import { constant } from './constants';

/** The sum over `axes` (all, where not said), kept as axes of size 1 where `keepDims`. */
export function sumOf(x: tf.Tensor, axes: number[] = x.shape.map((_, axis) => axis), keepDims = false): tf.Tensor {
  return reduced(x, axes, keepDims, (x) => tf.sum(x, axes, keepDims), 1);
}

/** The mean over `axes`. */
export function meanOf(x: tf.Tensor, axes: number[], keepDims = false): tf.Tensor {
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  return reduced(x, axes, keepDims, (x) => tf.mean(x, axes, keepDims), 1 / count);
}

function reduced(x: tf.Tensor, axes: readonly number[], keepDims: boolean, f: (x: tf.Tensor) => tf.Tensor, share: number): tf.Tensor {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return withGradient([x] as const, ([x], save) => {
    save([x]);
    const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]): tf.Tensor => {
      const scaled = share === 1 ? dy : tf.mul(dy, constant(share));
      return tf.mul(tf.onesLike(x), keepDims ? scaled : tf.reshape(scaled, kept));
    };
    return { value: f(x), gradFunc };
  });
}
