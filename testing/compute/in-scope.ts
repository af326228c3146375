// Values taken out of a computation whose tensors are dropped.
import * as tf from '@tensorflow/tfjs-core';

/** What `compute` gives, which are no tensors: every tensor made on the way is disposed. */
export function inScope<Values>(compute: () => Values): Values {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}
