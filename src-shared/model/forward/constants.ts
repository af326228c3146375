// Numbers and small matrices that take part in every step. A number given to tfjs is uploaded each time it is
// used; kept as a tensor by whoever trains, it is uploaded once.
import * as tf from '@tensorflow/tfjs-core';

/** Constants on one backend; whoever made them disposes them. */
export class Constants {
  readonly #tensors = new Map<string, tf.Tensor>();

  /** The tensor of that name, made when it is first asked for, and kept. */
  tensor(name: string, make: () => tf.Tensor): tf.Tensor {
    const known = this.#tensors.get(name) ?? tf.keep(make());
    this.#tensors.set(name, known);
    return known;
  }

  dispose(): void {
    this.#tensors.forEach((tensor) => tensor.dispose());
    this.#tensors.clear();
  }
}

let current: Constants | null = null;

/** Runs `action` with constants that `constant` finds. */
export function withConstants<T>(constants: Constants, action: () => T): T {
  const before = current;
  current = constants;
  try {
    return action();
  } finally {
    current = before;
  }
}

/** A number for an operation of tfjs: a tensor that stays where somebody keeps constants, the number itself elsewhere. */
export function constant(value: number): tf.Scalar | number {
  return current ? (current.tensor(String(value), () => tf.scalar(value)) as tf.Scalar) : value;
}

/** A tensor that its name determines; kept where somebody keeps constants. */
export function constantTensor<T extends tf.Tensor>(name: string, make: () => T): T {
  return current ? (current.tensor(name, make) as T) : make();
}
