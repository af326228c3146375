// A training session of the smallest kind, for tests of the loop: softmax regression on per-channel means
// with SGD and momentum, in plain arithmetic. The same calls in the same order give the same weights.
import type { Batch, TrainingSession } from '@shared/training/loop/session';
import { type FloatTensor, type NamedTensors, floatTensor } from '@shared/tensor/tensor';
import { argMax, crossEntropyAt } from '@shared/training/evaluation/confusion';

const MOMENTUM = 0.9;

/** Starts from zero weights, or from those and the momentum of a resume point. */
export function fakeSession(
  classes: number,
  channels: number,
  from: { weights: NamedTensors; state: NamedTensors } | null,
): TrainingSession {
  const size = classes * channels;
  const weight = Float32Array.from((from?.weights.get('weight')?.data as Float32Array | undefined) ?? new Float32Array(size));
  const moment = Float32Array.from((from?.state.get('moment')?.data as Float32Array | undefined) ?? new Float32Array(size));
  const logits = (images: Float32Array, shape: Batch['shape']): Float32Array =>
    apply(weight, channelMeans(images, shape), classes, channels);
  return {
    step: (batch, learningRate) => {
      const output = logits(batch.images, batch.shape);
      const result = score(output, batch.targets, classes);
      const gradient = gradientOf(output, batch, classes, channels);
      for (let i = 0; i < size; i++) {
        moment[i] = MOMENTUM * moment[i] + gradient[i];
        weight[i] -= learningRate * moment[i];
      }
      return { read: () => Promise.resolve(result) };
    },
    predict: (images, shape) => Promise.resolve(logits(images, shape)),
    embed: (images, shape) => Promise.resolve(channelMeans(images, shape)),
    weights: () => Promise.resolve(new Map([['weight', copyOf([classes, channels], weight)]])),
    state: () => Promise.resolve(new Map([['moment', copyOf([classes, channels], moment)]])),
    memory: () => ({ tensors: 2, bytes: 8 * size }),
    dispose: () => undefined,
  };
}

function copyOf(shape: readonly number[], data: Float32Array): FloatTensor {
  return floatTensor(shape, data.slice());
}

function channelMeans(images: Float32Array, [count, channels, height, width]: Batch['shape']): Float32Array {
  const plane = height * width;
  return Float32Array.from({ length: count * channels }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < plane; i++) sum += images[row * plane + i];
    return sum / plane;
  });
}

/** (N, classes) = features (N, channels) times weight (classes, channels) transposed. */
function apply(weight: Float32Array, features: Float32Array, classes: number, channels: number): Float32Array {
  const count = features.length / channels;
  return Float32Array.from({ length: count * classes }, (_, at) => {
    const [n, k] = [Math.floor(at / classes), at % classes];
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += weight[k * channels + c] * features[n * channels + c];
    return sum;
  });
}

function score(output: Float32Array, targets: Batch['targets'], classes: number): { loss: number; metric: number } {
  const count = output.length / classes;
  let loss = 0;
  let right = 0;
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < classes; k++)
      if (targets[n * classes + k] > 0) loss += targets[n * classes + k] * crossEntropyAt(output, n * classes, classes, k);
    if (targets[n * classes + argMax(output, n * classes, classes)] > 0.5) right++;
  }
  return { loss: loss / count, metric: right / count };
}

function gradientOf(output: Float32Array, batch: Batch, classes: number, channels: number): Float32Array {
  const features = channelMeans(batch.images, batch.shape);
  const gradient = new Float32Array(classes * channels);
  const count = batch.shape[0];
  for (let n = 0; n < count; n++) {
    for (let k = 0; k < classes; k++) {
      const error = Math.exp(-crossEntropyAt(output, n * classes, classes, k)) - batch.targets[n * classes + k];
      for (let c = 0; c < channels; c++) gradient[k * channels + c] += (error * features[n * channels + c]) / count;
    }
  }
  return gradient;
}
