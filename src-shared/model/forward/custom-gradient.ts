// An operation with a gradient of its own. tfjs hands its inputs and the function that saves tensors for the way back in
// one list; here they come apart.
import * as tf from '@tensorflow/tfjs-core';

/** Keeps tensors until the gradient is made. */
type Save = (tensors: tf.Tensor[]) => void;

interface Differentiable {
  readonly value: tf.Tensor;
  readonly gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** What `forward` makes of the inputs; `gradFunc` gives the gradient of each, in their order. */
export function withGradient<Inputs extends readonly tf.Tensor[]>(
  inputs: Inputs,
  forward: (inputs: Inputs, save: Save) => Differentiable,
): tf.Tensor {
  const operation = tf.customGrad((...given) => {
    const all: readonly unknown[] = given;
    const save = all.find(isSave);
    if (save === undefined) throw new TypeError('tfjs gave no function that saves tensors for a gradient');
    return forward(all.filter(isTensor) as readonly tf.Tensor[] as Inputs, save);
  });
  return operation(...inputs);
}

function isSave(value: unknown): value is Save {
  return typeof value === 'function';
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}
