// A forward pass on request, on the active backend: upload, run in evaluation mode, as many samples at once as fit, read back.
// Leaves nothing on it.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import type { NetworkSpec } from '../model/spec';
import { joined, type Watch } from '../tensor/parts';
import type { FloatTensor } from '../tensor/tensor';
import type { BackendName } from '../training/recipe/recipe';
import { useBackend } from './backend/choose';
import type { ForwardRequest, ForwardResult } from './engine';
import { inParts, samplesAtOnce } from './parts';
import { downloadActivation, uploadImages, uploadParameters, type DeviceParameters } from './session/upload';

/**
 * Output, and every leaf's output where asked for. Throws UserError where input or weights do not fit the network; rejects
 * when aborted. `atOnce`: samples run at once.
 */
export async function runForward(
  request: Omit<ForwardRequest, 'backend'>,
  watch: Watch = {},
  atOnce = samplesAtOnce(request.spec, request.input.shape, request.layers),
): Promise<Omit<ForwardResult, 'backend'>> {
  const { spec, weights, input, layers } = request;
  const backend = tf.getBackend() as BackendName;
  const device = uploadParameters(spec, weights);
  try {
    const run = (part: FloatTensor): Promise<PartResult> => runPart(spec, device, part, { layers, backend });
    const parts = await inParts(input, atOnce, run, watch);
    const paths = [...parts[0].layers.keys()];
    const layer = (path: string): FloatTensor => joined(parts.map((part) => part.layers.get(path) as FloatTensor));
    return { output: joined(parts.map(({ output }) => output)), layers: new Map(paths.map((path) => [path, layer(path)])) };
  } finally {
    device.dispose();
  }
}

type PartResult = Omit<ForwardResult, 'backend'>;

async function runPart(
  spec: NetworkSpec,
  device: DeviceParameters,
  input: FloatTensor,
  { layers, backend }: { readonly layers: boolean; readonly backend: BackendName },
): Promise<PartResult> {
  // Between two parts a training may have made its own backend active.
  useBackend(backend);
  const kept: [path: string, output: tf.Tensor][] = [];
  const onLayer = layers ? (path: string, y: tf.Tensor) => void kept.push([path, tf.keep(tf.clone(y))]) : undefined;
  try {
    const output = tf.tidy(() => forward(spec, device.parameter, uploadImages(input.data, input.shape), { training: false, onLayer }));
    return { output: await downloadActivation(output).finally(() => output.dispose()), layers: await downloadAll(kept, backend) };
  } finally {
    kept.forEach(([, tensor]) => tensor.dispose());
  }
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
