// Window pooling; padding never enters an average or wins a maximum.
import * as tf from '@tensorflow/tfjs-core';
import type { Pool } from '../spec';
import { constantTensor } from './constants';
import { explicitPadding } from './convolution';

/** (N, H, W, C) -> (N, H', W', C), sizes rounded down. */
export function pool(x: tf.Tensor4D, layer: Pool): tf.Tensor4D {
  const [kernel, stride] = [[...layer.kernel] as [number, number], [...layer.stride] as [number, number]];
  const isPadded = layer.padding.some((size) => size > 0);
  if (layer.function === 'max') {
    const padding = isPadded ? explicitPadding(layer.padding) : 'valid';
    return tf.maxPool(x, kernel, stride, padding as 'valid', isPadded ? 'floor' : undefined);
  }
  if (!isPadded) return tf.avgPool(x, kernel, stride, 'valid');
  // tfjs's gradient of a padded average divides by the whole window: average over zeros too, then undo their share.
  const average = tf.avgPool(tf.pad(x, explicitPadding(layer.padding)), kernel, stride, 'valid');
  return tf.mul(average, windowShares(x.shape, layer, average.shape));
}

/** Window size over the number of its elements inside the map: (1, H', W', 1). */
function windowShares([, H, W]: readonly number[], layer: Pool, [, height, width]: readonly number[]): tf.Tensor4D {
  const inside = (axis: 0 | 1, size: number, index: number): number => {
    const start = index * layer.stride[axis] - layer.padding[axis];
    return Math.min(size, start + layer.kernel[axis]) - Math.max(0, start);
  };
  const area = layer.kernel[0] * layer.kernel[1];
  const shares = Float32Array.from(
    { length: height * width },
    (_, i) => area / (inside(0, H, Math.floor(i / width)) * inside(1, W, i % width)),
  );
  const name = `shares of ${H}x${W} in ${JSON.stringify([layer.kernel, layer.stride, layer.padding])}`;
  return constantTensor(name, () => tf.tensor4d(shares, [1, height, width, 1]));
}
