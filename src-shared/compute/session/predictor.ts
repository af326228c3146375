// A network's weights kept on a backend to run many batches in evaluation mode.
import * as tf from '@tensorflow/tfjs-core';
import { forward, type ParameterSource } from '../../model/forward/forward';
import type { NetworkSpec } from '../../model/spec';
import { joined } from '../../tensor/parts';
import { floatTensor, type NamedTensors } from '../../tensor/tensor';
import type { BackendName } from '../../training/recipe/recipe';
import { useBackend } from '../backend/choose';
import { repeated } from '../kernel-failure';
import { inParts, samplesAtOnce } from '../parts';
import type { TrainingSession } from '../../training/loop/session';
import { downloadActivation, uploadImages, uploadParameters } from './upload';

/** Uploads the weights; whoever made it disposes it. Throws UserError where they do not fit. */
export function createPredictor(
  spec: NetworkSpec,
  weights: NamedTensors,
  backend: BackendName,
): Pick<TrainingSession, 'predict' | 'dispose'> {
  useBackend(backend);
  const device = uploadParameters(spec, weights);
  return {
    predict: (images, shape) =>
      predictInParts(spec, images, shape, (part, partShape) => {
        useBackend(backend);
        return predict(spec, device.parameter, part, partShape);
      }),
    dispose: device.dispose,
  };
}

/** Output for images (N, C, H, W) of any number, from `run`, which gets as many at once as fit in memory. */
export async function predictInParts(
  spec: NetworkSpec,
  images: Float32Array,
  shape: readonly number[],
  run: (images: Float32Array, shape: readonly number[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const atOnce = samplesAtOnce(spec, shape, false);
  if (shape[0] <= atOnce) return run(images, shape);
  const outputs = await inParts(floatTensor(shape, images), atOnce, async ({ data, shape: part }) => {
    const output = await run(data, part);
    return floatTensor([part[0], output.length / part[0]], output);
  });
  return joined(outputs).data;
}

/** Output of the network in evaluation mode for images (N, C, H, W): (N, features) or (N, C', H', W'). */
export async function predict(
  spec: NetworkSpec,
  parameter: ParameterSource,
  images: Float32Array,
  shape: readonly number[],
): Promise<Float32Array> {
  const pass = (): tf.Tensor => tf.tidy(() => forward(spec, parameter, uploadImages(images, shape), { training: false }));
  const output = repeated(pass, ({ message }) => console.warn(`computed again: ${message}`));
  const { data } = await downloadActivation(output).finally(() => output.dispose());
  return data;
}
