// What is thrown when a kernel of ours ends in an error, on whatever thread: the error itself, which call it was and
// of which operation. A step whose kernel failed has changed nothing yet, or says so (training/loop/half-step.ts).
import type * as tf from '@tensorflow/tfjs-core';

/** An error as a thread tells it. */
export type ThreadError = Pick<Error, 'name' | 'message' | 'stack'>;

/** A kernel that ended in an error, in words: the operation with its shapes, the kernel, the thread, the error. */
export class KernelFailure extends Error {
  override readonly name = 'KernelFailure';

  /** `place`: "thread 2 of 4"; `values`: what the kernel was called with. */
  static of(kernel: string, values: readonly number[], place: string, error: ThreadError): KernelFailure {
    const failure = new KernelFailure(`the kernel ${kernel}(${values.join(', ')}) failed on ${place}: ${error.name}: ${error.message}`);
    if (error.stack) failure.stack = `${failure.stack}\non ${place}: ${error.stack}`;
    return failure;
  }

  /** The same, said of an operation on tensors of those shapes. */
  during(operation: string, inputs: Readonly<Record<string, tf.TensorInfo>>): KernelFailure {
    const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
    const failure = new KernelFailure(`${operation} of ${shapes.join(', ')}: ${this.message}`);
    failure.stack = this.stack;
    return failure;
  }
}

/** How often one piece of work is tried before its failure is taken for final. */
export const MOST_TRIES = 3;

/**
 * Runs `action`, which changes nothing but what it gives back, again where a kernel fails in it: the threads that failed
 * are not used again (wasm-backend/threads.ts). `told` hears of every failure but the last, which is thrown.
 */
export function repeated<T>(action: () => T, told: (failure: KernelFailure) => void): T {
  for (let tries = 1; ; tries++) {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof KernelFailure) || tries === MOST_TRIES) throw error;
      told(error);
    }
  }
}
