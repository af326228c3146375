// One forward pass on request, on the active backend: upload, run in evaluation mode, read back. Leaves nothing on it.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import { outputShapeOf, withInputSize } from '../model/walk';
import type { FloatTensor } from '../tensor/tensor';
import { UserError } from '../user-error';
import type { BackendName } from '../training/recipe';
import { useBackend } from './backend/choose';
import type { ForwardRequest, ForwardResult } from './engine';
import { downloadActivation, uploadImages, uploadParameters } from './upload';

/** Output, and every leaf's output where asked for. Throws UserError where input or weights do not fit the network. */
export async function runForward(request: Omit<ForwardRequest, 'backend'>): Promise<Omit<ForwardResult, 'backend'>> {
  const { spec, weights, input } = request;
  checkInput(request);
  const backend = tf.getBackend() as BackendName;
  const device = uploadParameters(spec, weights);
  const kept: [path: string, output: tf.Tensor][] = [];
  const onLayer = request.layers ? (path: string, y: tf.Tensor) => void kept.push([path, tf.keep(tf.clone(y))]) : undefined;
  try {
    const output = tf.tidy(() => {
      const x = uploadImages(input.data, input.shape);
      return forward(spec, device.parameter, x, { training: false, onLayer });
    });
    return { output: await downloadActivation(output).finally(() => output.dispose()), layers: await downloadAll(kept, backend) };
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

async function downloadAll(
  tensors: readonly (readonly [path: string, output: tf.Tensor])[],
  backend: BackendName,
): Promise<Map<string, FloatTensor>> {
  const layers = new Map<string, FloatTensor>();
  for (const [path, tensor] of tensors) {
    // While one is read, a training may have made its own backend active; the next is turned before it is read.
    useBackend(backend);
    layers.set(path, await downloadActivation(tensor));
  }
  return layers;
}
