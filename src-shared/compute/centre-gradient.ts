// How the centre of a feature map depends on every pixel of the input: the way back through the network in evaluation mode, input
// after input, magnitudes averaged. Leaves nothing on the backend.
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../model/forward/forward';
import { centreOf, centrePlace, type CentreOf } from '../pattern/receptive-field';
import type { Watch } from '../tensor/parts';
import { floatTensor, type FloatTensor } from '../tensor/tensor';
import type { BackendName } from '../training/recipe/recipe';
import { useBackend } from './backend/choose';
import type { ReceptiveFieldRequest } from './engine';
import { inParts, samplesAtOnce } from './parts';
import { variableGradients } from './session/backpropagation';
import { uploadImages, uploadParameters } from './session/upload';

/** What lies on the way back takes more than the way there: every layer's output is kept for it. */
const ROOM_FOR_THE_WAY_BACK = 4;

/** Mean |gradient|, summed over the input's channels: (H, W). Throws UserError where the layer or a map is missing; rejects when aborted. */
export async function centreGradient(request: ReceptiveFieldRequest, backend: BackendName, watch?: Watch): Promise<FloatTensor> {
  const { spec, weights, input, layer } = request;
  useBackend(backend);
  const target = centreOf(spec, layer);
  const atOnce = Math.max(1, Math.floor(samplesAtOnce(spec, input.shape, true) / ROOM_FOR_THE_WAY_BACK));
  const device = uploadParameters(spec, weights);
  const [samples, , H, W] = input.shape;
  const sums = new Float64Array(H * W);
  try {
    await inParts(
      input,
      Math.min(atOnce, MOST_AT_ONCE),
      async (part) => {
        useBackend(backend);
        const map = tf.tidy(() => partGradient(request, device.parameter, part, target));
        const values = await map.data<'float32'>().finally(() => map.dispose());
        for (let i = 0; i < sums.length; i++) sums[i] += values[i];
      },
      watch,
    );
  } finally {
    device.dispose();
  }
  return floatTensor(
    [H, W],
    Float32Array.from(sums, (sum) => sum / samples),
  );
}

/** More at once are no faster, and say less often how far it is. */
const MOST_AT_ONCE = 4;

function partGradient(
  { spec }: ReceptiveFieldRequest,
  parameter: (name: string) => tf.Tensor,
  part: FloatTensor,
  target: CentreOf,
): tf.Tensor {
  const x = tf.variable(uploadImages(part.data, part.shape));
  try {
    const { value, gradients } = variableGradients(() => centreSum(spec, parameter, x as tf.Tensor as tf.Tensor4D, target), [x]);
    value.dispose();
    const gradient = gradients[x.name] as tf.Tensor | undefined;
    return gradient === undefined ? tf.zeros([part.shape[2], part.shape[3]]) : tf.sum(tf.abs(gradient), [0, 3]);
  } finally {
    x.dispose();
  }
}

/** The centre of the target map, summed over its channels and over the samples, which do not see each other. */
function centreSum(
  spec: ReceptiveFieldRequest['spec'],
  parameter: (name: string) => tf.Tensor,
  x: tf.Tensor4D,
  { at, shape }: CentreOf,
): tf.Scalar {
  const [row, column] = centrePlace(shape);
  const centre = (map: tf.Tensor): tf.Scalar => tf.sum(tf.slice(map, [0, row, column, 0], [-1, 1, 1, -1]));
  let tapped: tf.Scalar | null = null;
  const output = forward(spec, parameter, x, {
    training: false,
    onLayer: (path, y, own) => {
      if (at?.path === path) tapped = tf.keep(centre(at.side === 'output' ? y : own));
    },
  });
  if (at === null) return centre(output);
  if (tapped === null) throw new Error(`the forward pass went past no layer ${at.path}`);
  return tapped;
}
