// One training-mode step of a reference case on the active backend. Runs in Node and, bundled, in a page:
// nothing here touches the file system.
import * as tf from '@tensorflow/tfjs-core';
import { gradientsOf } from '../src-shared/compute/session/gradients';
import { SessionTensors } from '../src-shared/compute/session/session-tensors';
import { downloadActivation, uploadImages } from '../src-shared/compute/session/upload';
import type { NetworkSpec } from '../src-shared/model/spec';
import { toFloat64 } from '../src-shared/tensor/convert';
import type { FloatTensor, NamedTensors } from '../src-shared/tensor/tensor';
import { recipe } from '../src-shared/training/recipe/recipes';

function trainWeights(tensors: NamedTensors): NamedTensors {
  const named = [...tensors].filter(([name]) => name.startsWith('train.'));
  return new Map(named.map(([name, tensor]) => [name.slice('train.'.length), tensor]));
}

/** What one training-mode step gave, by name: `y`, `loss`, `grad.<parameter>`, `grad.x`, `after.<statistic>`. */
export async function trainingStep(spec: NetworkSpec, tensors: NamedTensors): Promise<Map<string, ArrayLike<number>>> {
  const session = new SessionTensors(spec, trainWeights(tensors), recipe('cifar-paper'));
  const input = tensors.get('tm.x') as FloatTensor;
  const images = uploadImages(input.data, input.shape);
  const x = tf.variable(images) as tf.Variable<tf.Rank.R4>;
  const truth = tensors.get('tm.target') as FloatTensor;
  const target = truth.shape.length === 4 ? uploadImages(truth.data, truth.shape) : tf.tensor(truth.data, [...truth.shape]);
  const outputs: tf.Tensor[] = [];
  const { loss, gradients, statistics } = gradientsOf({
    spec,
    x,
    parameter: (name) => session.parameter(name),
    variables: [x, ...session.optimized.map(({ value }) => value)],
    dropoutSeed: 0,
    loss: (output) => {
      outputs.push(tf.keep(tf.clone(output)));
      return tf.mean(tf.square(tf.sub(output, target)));
    },
  });
  session.follow(statistics);
  const found = new Map<string, ArrayLike<number>>([['loss', await loss.data()]]);
  found.set('y', (await downloadActivation(outputs[0])).data);
  const dx = tf.tidy(() => tf.transpose(gradients[x.name], [0, 3, 1, 2]));
  found.set('grad.x', await dx.data());
  for (const { name, value } of session.optimized) found.set(`grad.${name}`, await gradients[value.name].data());
  for (const [name, tensor] of await session.weights())
    if (/running_|num_batches/.test(name)) found.set(`after.${name}`, toFloat64(tensor));
  tf.dispose([images, x, target, loss, gradients, dx, outputs]);
  session.dispose();
  return found;
}
