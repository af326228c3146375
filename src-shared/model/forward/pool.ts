// Window pooling; padding never enters an average or wins a maximum.
import * as tf from '@tensorflow/tfjs-core';
import type { Pool } from '../spec';

/** (N, H, W, C) -> (N, H', W', C), sizes rounded down. */
export function pool(x: tf.Tensor4D, layer: Pool): tf.Tensor4D {
  const [ph, pw] = layer.padding;
  const padding =
    ph || pw
      ? ([
          [0, 0],
          [ph, ph],
          [pw, pw],
          [0, 0],
        ] as const)
      : 'valid'; // prettier-ignore
  const [kernel, stride] = [[...layer.kernel] as [number, number], [...layer.stride] as [number, number]];
  const operation = layer.function === 'max' ? tf.maxPool : tf.avgPool;
  return operation(x, kernel, stride, padding as 'valid', padding === 'valid' ? undefined : 'floor');
}
