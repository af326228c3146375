// The merge as the paper writes it (arXiv 2105.01883, section 3.3): the identity matrix sent through a
// convolution is that convolution's matrix. On tfjs and differentiable: gradients flow from the merged
// tensors to kernels and batch norms. Slow and memory-hungry next to the index form; agrees with it.
import { largestOf } from '../../base/extremes';
import '../../model/forward/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { convolve, sameConv } from '../../model/forward/convolution';
import { epsOf, hasGlobalPerceptron, type RepBlock, type RepMlp } from '../../model/spec';
import { fcShapeOf } from '../../matrix/geometry';
import { columnsOf, rowsOf, type FcShape } from '../../matrix/geometry';

/**
 * The matrix (O*h*w, (C/g)*h*w) of a stride-1 convolution with kernel (O, C/g, K, K) and K // 2 zeros around an h x w map.
 * Row and column order: channel, row, column; a column counts the channels within its group.
 */
export function convToFcByIdentity(kernel: tf.Tensor4D, h: number, w: number, groups: number): tf.Tensor2D {
  const [O, channels, K] = kernel.shape;
  const columns = channels * h * w;
  return tf.tidy(() => {
    const images = tf.transpose(tf.reshape(tf.eye(columns), [columns, channels, h, w]), [0, 2, 3, 1]);
    const y = convolve(tf.tile(images, [1, 1, 1, groups]) as tf.Tensor4D, kernel, sameConv(channels * groups, O, K, groups));
    return tf.transpose(tf.reshape(tf.transpose(y, [0, 3, 1, 2]), [columns, O * h * w])) as tf.Tensor2D;
  });
}

/** A parameter of the block by suffix, in PyTorch layout. */
export type BlockParameter = (suffix: string) => tf.Tensor;

/** Merged tensors by suffix, in PyTorch layout. */
export type MergedBlockTensors = Readonly<Record<string, tf.Tensor>>;

/** The merged tensors of a train-form block, differentiable with respect to all its parameters. */
export function mergeBlockByIdentity(block: RepBlock, parameter: BlockParameter): MergedBlockTensors {
  return tf.tidy(() => {
    const merged = mergeFc3(block, parameter);
    return block.kind === 'repmlp' && hasGlobalPerceptron(block) ? { ...merged, ...mergeFc1(block, parameter) } : merged;
  });
}

function mergeFc3(block: RepBlock, parameter: BlockParameter): MergedBlockTensors {
  const shape = fcShapeOf(block);
  const [rows, columns] = [rowsOf(shape), columnsOf(shape)];
  const groups = block.kind === 'repmlp' ? block.groups : block.shareSets;
  const { scale, shift } = affineOf(parameter, 'fc3_bn', epsOf(block));
  let weight = tf.mul(tf.reshape(parameter('fc3.weight'), [rows, columns]), tf.reshape(perRow(scale, rows), [rows, 1]));
  let bias = perRow(shift, rows);
  if (block.kind === 'repmlpNetBlock' && block.fc3Bias) bias = tf.add(bias, tf.mul(perRow(scale, rows), parameter('fc3.bias')));
  if (block.kernels.length > 0) {
    const sum = sumOfBranches(block, shape, parameter);
    weight = tf.add(weight, convToFcByIdentity(sum.kernel, shape.h, shape.w, groups));
    bias = tf.add(bias, perRow(sum.bias, rows));
  }
  return { 'fc3.weight': tf.reshape(weight, [rows, columns, 1, 1]), 'fc3.bias': bias };
}

/** Every kernel with its BN folded in, padded to the largest and added. */
function sumOfBranches(block: RepBlock, { O, channels }: FcShape, parameter: BlockParameter): { kernel: tf.Tensor4D; bias: tf.Tensor1D } {
  const largest = largestOf(block.kernels);
  const branches = block.kernels.map((K) => {
    const { scale, shift } = affineOf(parameter, `repconv${K}.bn`, epsOf(block));
    const folded = tf.mul(tf.reshape(parameter(`repconv${K}.conv.weight`), [O, channels, K, K]), tf.reshape(scale, [O, 1, 1, 1]));
    const margin = (largest - K) / 2;
    return {
      kernel: tf.pad(folded, [
        [0, 0],
        [0, 0],
        [margin, margin],
        [margin, margin],
      ]) as tf.Tensor4D,
      bias: shift,
    }; // prettier-ignore
  });
  return branches.reduce((a, b) => ({ kernel: tf.add(a.kernel, b.kernel), bias: tf.add(a.bias, b.bias) }));
}

/** FC1 with the BN of the pooled partitions folded in: W1 diag(s), b1 + W1 t; columns in the order C, hp, wp. */
function mergeFc1(block: RepMlp, parameter: BlockParameter): MergedBlockTensors {
  const { C, H, W, h, w } = block;
  const { scale, shift } = affineOf(parameter, 'avg.bn', epsOf(block));
  const columns = C * (H / h) * (W / w);
  const weight = parameter('fc1_fc2.fc1.weight') as tf.Tensor2D;
  const moved = tf.matMul(weight, tf.reshape(perRow(shift, columns), [columns, 1]) as tf.Tensor2D);
  return {
    'fc1_fc2.fc1.weight': tf.mul(weight, perRow(scale, columns)),
    'fc1_fc2.fc1.bias': tf.add(parameter('fc1_fc2.fc1.bias'), tf.reshape(moved, [-1])),
  };
}

/** scale = gamma / sqrt(variance + eps), shift = beta - mean scale. */
function affineOf(parameter: BlockParameter, norm: string, eps: number): { scale: tf.Tensor1D; shift: tf.Tensor1D } {
  const at = (part: string): tf.Tensor1D => parameter(`${norm}.${part}`) as tf.Tensor1D;
  const scale = tf.div(at('weight'), tf.sqrt(tf.add(at('running_var'), eps))) as tf.Tensor1D;
  return { scale, shift: tf.sub(at('bias'), tf.mul(at('running_mean'), scale)) };
}

/** Each value repeated so that there are `rows` of them. */
function perRow(values: tf.Tensor1D, rows: number): tf.Tensor1D {
  const count = values.shape[0];
  return tf.reshape(tf.tile(tf.reshape(values, [count, 1]), [1, rows / count]), [rows]);
}
