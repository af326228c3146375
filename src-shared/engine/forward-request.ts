// One forward pass on request: upload, run in evaluation mode, read back. Leaves nothing on the backend.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import { outputShapeOf, withInputSize } from '../model/walk';
import type { FloatTensor } from '../tensor/tensor';
import { UserError } from '../user-error';
import type { ForwardRequest, ForwardResult } from './engine';
import { downloadActivation, uploadImages, uploadParameters } from './upload';

/** Output, and every leaf's output where asked for. Throws UserError where input or weights do not fit the network. */
export async function runForward(request: Omit<ForwardRequest, 'backend'>): Promise<Omit<ForwardResult, 'backend'>> {
  const { spec, weights, input } = request;
  checkInput(request);
  const device = uploadParameters(spec, weights);
  const kept: [path: string, output: tf.Tensor][] = [];
  const onLayer = request.layers ? (path: string, y: tf.Tensor) => void kept.push([path, tf.keep(tf.clone(y))]) : undefined;
  try {
    const output = tf.tidy(() => {
      const x = uploadImages(input.data, input.shape);
      return forward(spec, device.parameter, x, { training: false, onLayer });
    });
    return { output: await downloadActivation(output).finally(() => output.dispose()), layers: await downloadAll(kept) };
  } finally {
    kept.forEach(([, tensor]) => tensor.dispose());
    device.dispose();
  }
}

/** Throws UserError where the input is no batch of images, or naming the layer that cannot take its size. */
function checkInput({ spec, input }: Pick<ForwardRequest, 'spec' | 'input'>): void {
  const [, channels, height, width] = input.shape;
  if (input.shape.length === 4 && channels === spec.input.channels) {
    outputShapeOf(withInputSize(spec, height, width));
    return;
  }
  const expected = `(N, ${spec.input.channels}, ${spec.input.height}, ${spec.input.width})`;
  throw new UserError(`${spec.name} takes an input of shape ${expected}, got [${input.shape.join(', ')}]`);
}

async function downloadAll(tensors: readonly (readonly [path: string, output: tf.Tensor])[]): Promise<Map<string, FloatTensor>> {
  const layers = new Map<string, FloatTensor>();
  for (const [path, tensor] of tensors) layers.set(path, await downloadActivation(tensor));
  return layers;
}
