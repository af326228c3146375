// FC3 of both papers' blocks: per partition one row of each group times the group's matrix. One operation
// with its own gradient, for a training step is spared the bookkeeping of the seven it consists of.
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './custom-gradient';
import { fromGroupRows, toGroupRows } from './partition';

/** parts (B, h, w, C), weight (g, O/g*h*w, C/g*h*w), rows and columns channel-major -> (B, h, w, O). */
export function groupProduct(parts: tf.Tensor4D, weight: tf.Tensor3D): tf.Tensor4D {
  const [, h, w] = parts.shape;
  const g = weight.shape[0];
  return withGradient([parts, weight] as const, ([parts, weight], save) => {
    const rows = toGroupRows(parts, g);
    const product = tf.matMul(rows, weight, false, true);
    save([rows, weight]);
    const gradFunc = (dy: tf.Tensor, [rows, weight]: tf.Tensor[]): tf.Tensor[] =>
      tf.tidy(() => {
        const dRows = toGroupRows(dy as tf.Tensor4D, g);
        return [fromGroupRows(tf.matMul(dRows, weight), h, w), tf.matMul(dRows, rows, true, false)];
      });
    return { value: fromGroupRows(product as tf.Tensor3D, h, w), gradFunc };
  }) as tf.Tensor4D;
}

/** A bias (g, O/g*h*w) in FC3's order as it is added to the product: (1, h, w, O). */
export function groupBias(bias: tf.Tensor, g: number, h: number, w: number): tf.Tensor4D {
  return fromGroupRows(tf.reshape(bias, [g, 1, bias.size / g]), h, w);
}
