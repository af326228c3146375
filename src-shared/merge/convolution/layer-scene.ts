// A trained layer as a convolution scene: one output channel of a RepMLP block over one of the input channels it reads. The FC has its
// batch norm inside, the branches keep theirs, so that the story of the merge can be told on real weights.
import { largestOf } from '../../base/extremes';
import { UserError } from '../../base/user-error';
import { convolutionScene, convolutionSceneSchema, type ConvolutionScene, type SceneKernel } from '../../matrix/convolution-scene';
import { columnsOf, fcShapeOf } from '../../matrix/geometry';
import { epsOf, type RepMlp } from '../../model/spec';
import type { NamedTensors } from '../../tensor/tensor';
import { fc3NormAt, realsAt, type ReadReals } from '../merge-layer';
import { bnIntoFc } from '../mathematics/fc-matrix';

/** A train-form block with its tensors, named below `path`. */
export interface TrainedBlock {
  readonly layer: RepMlp;
  readonly path: string;
  readonly weights: NamedTensors;
}

/** The pair of channels: `c` counts the input channels of o's group. */
export interface ChannelPair {
  readonly o: number;
  readonly c: number;
}

/** A scene with its sizes, kernels and FC replaced by the layer's. Throws UserError for channels the block does not have. */
export function layerScene(scene: ConvolutionScene, { layer, path, weights }: TrainedBlock, { o, c }: ChannelPair): ConvolutionScene {
  const shape = fcShapeOf(layer);
  const { O, channels, h, w } = shape;
  if (o >= O || c >= channels)
    throw new UserError(
      `block '${path}' has ${O} output channels that read ${channels} input channels each, counted from 0; got output ${o}, input ${c}`,
    );
  const read = realsAt(weights, path);
  const kernels = layer.kernels.map((K) => branchOf(read, K, epsOf(layer), { o, c, channels }));
  const norm = fc3NormAt(layer, read);
  const folded = bnIntoFc(read('fc3.weight'), norm, shape);
  const [area, columns] = [h * w, columnsOf(shape)];
  const rowValues = (row: number): number[] => Array.from(folded.weight.subarray(row * columns + c * area, row * columns + (c + 1) * area));
  const values = Array.from({ length: area }, (_, at) => rowValues(o * area + at)).flat();
  const bias = Array.from(folded.bias.subarray(o * area, (o + 1) * area));
  const from = `${path}, output channel ${o} over input channel ${c}`;
  const pad = (largestOf(layer.kernels) - 1) / 2;
  const sizes = { h, w, C: 1, O: 1, groups: 1, pad, stride: 1 };
  const picture =
    scene.picture.kind === 'values' && scene.picture.values.length !== area ? ({ kind: 'drawn', name: 'ring' } as const) : scene.picture;
  const whole = { ...scene, ...sizes, picture, kernels, fc: { kind: 'values' as const, values, bias, from } };
  // What is followed may not exist in the layer: then it is the window in the middle.
  return convolutionSceneSchema.safeParse(whole).data ?? convolutionScene({ ...whole, follow: undefined });
}

/** One plane of a conv branch with its batch norm's numbers for that output channel. */
function branchOf(read: ReadReals, K: number, eps: number, { o, c, channels }: ChannelPair & { readonly channels: number }): SceneKernel {
  if (K !== 1 && K !== 3 && K !== 5) throw new UserError(`the stage shows kernels of 1x1, 3x3 and 5x5; this block has one of ${K}x${K}`);
  const plane = (o * channels + c) * K * K;
  const weight = Array.from(read(`repconv${K}.conv.weight`).subarray(plane, plane + K * K));
  const one = (part: string): number[] => [read(`repconv${K}.bn.${part}`)[o]];
  const norm = { gamma: one('weight'), beta: one('bias'), mean: one('running_mean'), variance: one('running_var'), eps };
  return { kind: 'weights', K, weight, norm };
}
