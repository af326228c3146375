// Norms of parameters and gradients, computed on the backend and read back in one piece.
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterNorm } from '../../training/recipe/event';
import type { OptimizedParameter } from './optimizer';

/** Euclidean norms before the step's update; the tensor behind them is freed when they are read. */
export function normsOf(
  parameters: readonly OptimizedParameter[],
  gradients: Readonly<Record<string, tf.Tensor>>,
): () => Promise<readonly ParameterNorm[]> {
  const known = parameters.filter(({ value }) => gradients[value.name] !== undefined);
  const squares = tf.tidy(() => tf.stack(known.flatMap(({ value }) => [sumOfSquares(value), sumOfSquares(gradients[value.name])])));
  return async () => {
    const values = await squares.data<'float32'>();
    squares.dispose();
    return known.map(({ name }, i) => ({ name, weight: Math.sqrt(values[2 * i]), gradient: Math.sqrt(values[2 * i + 1]) }));
  };
}

function sumOfSquares(tensor: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(tensor));
}
