// Partitioning of a map into h x w windows, and the row order of FC3: channel-major (C, h, w) rows per
// partition, split into groups. Zero padding of the conv branches is per partition.
import * as tf from '@tensorflow/tfjs-core';

/** (N, H, W, C) -> (N*hp*wp, h, w, C), partitions in row-major order of the map. */
export function partition(x: tf.Tensor4D, h: number, w: number): tf.Tensor4D {
  const [N, H, W, C] = x.shape;
  if (H === h && W === w) return x;
  const strips = tf.reshape(x, [(N * H) / h, h, W / w, w * C]);
  return tf.reshape(tf.transpose(strips, [0, 2, 1, 3]), [(N * H * W) / (h * w), h, w, C]);
}

/** The inverse of `partition` for a map of H x W. */
export function departition(parts: tf.Tensor4D, H: number, W: number): tf.Tensor4D {
  const [B, h, w, C] = parts.shape;
  if (H === h && W === w) return parts;
  const N = (B * h * w) / (H * W);
  const strips = tf.reshape(parts, [(N * H) / h, W / w, h, w * C]);
  return tf.reshape(tf.transpose(strips, [0, 2, 1, 3]), [N, H, W, C]);
}

/** (B, h, w, C) -> (g, B, C/g*h*w): one row per partition and group, channel-major as FC3's columns are. */
export function toGroupRows(parts: tf.Tensor4D, g: number): tf.Tensor3D {
  const [B, h, w, C] = parts.shape;
  const grouped = tf.reshape(parts, [B, h * w, g, C / g]);
  return tf.reshape(tf.transpose(grouped, [2, 0, 3, 1]), [g, B, (C / g) * h * w]);
}

/** (g, B, O/g*h*w) -> (B, h, w, O): the inverse of `toGroupRows`. */
export function fromGroupRows(rows: tf.Tensor3D, h: number, w: number): tf.Tensor4D {
  const [g, B, length] = rows.shape;
  const perGroup = length / (h * w);
  const grouped = tf.reshape(rows, [g, B, perGroup, h * w]);
  return tf.reshape(tf.transpose(grouped, [1, 3, 0, 2]), [B, h, w, g * perGroup]);
}
