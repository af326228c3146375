// Between named tensors and the backend: parameters as tfjs tensors in PyTorch layout, activations
// turned from (N, C, H, W) to channels-last and back.
import * as tf from '@tensorflow/tfjs-core';
import { checkWeights } from '../../model/fit';
import { parametersOf } from '../../model/parameters';
import type { NetworkSpec } from '../../model/spec';
import { toFloat32 } from '../../tensor/convert';
import { floatTensor, type FloatTensor, type NamedTensors, type Tensor } from '../../tensor/tensor';

/** Parameters on the backend; whoever made it disposes it. */
export interface DeviceParameters {
  parameter(name: string): tf.Tensor;
  dispose(): void;
}

/** Uploads every tensor the spec names (counters aside). Throws UserError where names or shapes do not fit. */
export function uploadParameters(spec: NetworkSpec, weights: NamedTensors): DeviceParameters {
  checkWeights(spec, weights);
  const names = parametersOf(spec)
    .filter(({ role }) => role !== 'counter')
    .map(({ name }) => name);
  const tensors = new Map(names.map((name) => [name, toDevice(weights.get(name) as Tensor)]));
  return {
    parameter: (name) => parameterNamed(tensors, name),
    dispose: () => tensors.forEach((tensor) => tensor.dispose()),
  };
}

/** The tensor of that name. Throws Error where the network asks for a name its description does not list. */
export function parameterNamed<T extends tf.Tensor>(tensors: ReadonlyMap<string, T>, name: string): T {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`the network has no parameter ${name}`);
  return tensor;
}

/** A tensor's values on the backend, float32, same shape. */
export function toDevice(tensor: Tensor): tf.Tensor {
  return tf.tensor(toFloat32(tensor).data, [...tensor.shape], 'float32');
}

/** Images (N, C, H, W) on the backend as (N, H, W, C). */
export function uploadImages(images: Float32Array, shape: readonly number[]): tf.Tensor4D {
  return tf.tidy(() => tf.transpose(tf.tensor4d(images, [...shape] as [number, number, number, number]), [0, 2, 3, 1]));
}

/** An activation read back: maps as (N, C, H, W), the rest as it is. Does not dispose it. */
export async function downloadActivation(activation: tf.Tensor): Promise<FloatTensor> {
  const turned = tf.tidy(() => (activation.rank === 4 ? tf.transpose(activation, [0, 3, 1, 2]) : tf.clone(activation)));
  const data = (await turned.data<'float32'>()).slice();
  const { shape } = turned;
  turned.dispose();
  return floatTensor(shape, data);
}
