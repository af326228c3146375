// Losses on a network's output, mean over the batch, and the share of right predictions beside them.
// The softmax's own gradient comes from tfjs.
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../base/assert-never';
import { constant, constantTensor } from '../../model/forward/constants';
import { sumOf } from '../../model/forward/reduce';
import { resizeBilinear } from '../../model/forward/separable';
import type { Recipe } from '../../training/recipe/recipe';
import { UserError } from '../../base/user-error';

/** Pixel label that counts nowhere. */
const IGNORED = 255;

/** Targets on the backend: (N, classes) soft targets, or (N, H, W) class indices. */
export type Targets = tf.Tensor2D | tf.Tensor3D;

/** Loss of one output. Throws UserError where output and targets do not fit each other. */
export function lossOf(output: tf.Tensor, targets: Targets, recipe: Pick<Recipe, 'loss' | 'margin'>): tf.Scalar {
  switch (recipe.loss) {
    case 'crossEntropy':
      return crossEntropy(expectClasses(output, targets), targets as tf.Tensor2D);
    case 'amSoftmax': {
      const { scale, margin } = recipe.margin ?? { scale: 30, margin: 0.35 };
      const cosines = expectClasses(output, targets);
      return crossEntropy(
        tf.mul(tf.sub(cosines, tf.mul(targets as tf.Tensor2D, constant(margin))), constant(scale)) as tf.Tensor2D,
        targets as tf.Tensor2D,
      );
    }
    case 'pixelCrossEntropy':
      return pixelCrossEntropy(expectPixels(output, targets), targets as tf.Tensor3D);
    default:
      return assertNever(recipe.loss);
  }
}

/** Loss of the output, and of side heads' outputs with the recipe's auxiliary weight. */
export function recipeLoss(output: tf.Tensor, sideOutputs: readonly tf.Tensor[], targets: Targets, recipe: Recipe): tf.Scalar {
  const sides = sideOutputs.map((side) => tf.mul(lossOf(side, targets, recipe), constant(recipe.auxiliaryWeight)) as tf.Scalar);
  return tf.addN([lossOf(output, targets, recipe), ...sides]);
}

/** Share of samples (or of pixels that count) whose largest output is at the target. */
export function shareRight(output: tf.Tensor, targets: Targets): tf.Scalar {
  if (targets.rank === 2) return tf.mean(tf.cast(tf.equal(tf.argMax(output, 1), tf.argMax(targets, 1)), 'float32'));
  const predicted = tf.argMax(expectPixels(output, targets), 3);
  const counted = tf.cast(
    tf.notEqual(
      targets,
      constantTensor('ignored', () => tf.scalar(IGNORED, 'int32')),
    ),
    'float32',
  );
  const right = tf.mul(tf.cast(tf.equal(predicted, targets), 'float32'), counted);
  return tf.div(tf.sum(right), tf.maximum(tf.sum(counted), constant(1)));
}

function expectClasses(output: tf.Tensor, targets: Targets): tf.Tensor2D {
  if (output.rank === 2 && targets.rank === 2 && output.shape[1] === targets.shape[1]) return output as tf.Tensor2D;
  throw new UserError(`the network's output has shape [${output.shape.join(', ')}], the data set's targets [${targets.shape.join(', ')}]`);
}

/** The output at the targets' resolution. */
function expectPixels(output: tf.Tensor, targets: Targets): tf.Tensor4D {
  if (output.rank !== 4 || targets.rank !== 3)
    throw new UserError(`a loss per pixel needs an output (N, classes, H, W), got a tensor with ${output.rank} axes`);
  const [, H, W] = targets.shape as [number, number, number];
  return resizeBilinear(output as tf.Tensor4D, [H, W]);
}

/** -sum(targets * log softmax(logits)) / N. */
function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  return tf.div(tf.neg(sumOf(tf.mul(targets, tf.logSoftmax(logits)))), constant(logits.shape[0]));
}

/** Mean over the pixels that count. */
function pixelCrossEntropy(logits: tf.Tensor4D, targets: tf.Tensor3D): tf.Scalar {
  const classes = logits.shape[3];
  // A label beyond the classes (255) becomes a row of zeros.
  const oneHot = tf.reshape(tf.oneHot(tf.reshape(targets, [-1]) as tf.Tensor1D, classes), [-1, classes]);
  const target = tf.cast(oneHot, 'float32');
  const logShares = tf.logSoftmax(tf.reshape(logits, [-1, classes]) as tf.Tensor2D);
  return tf.div(tf.neg(sumOf(tf.mul(target, logShares))), tf.maximum(tf.sum(target), constant(1)));
}
