// Training-mode batch norm by a backend's own kernels (see compute/wasm-backend): the batch norms of several
// branches and their sum as one operation, convolutions of one map among the branches included.
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from '../custom-gradient';
import { joinPath, type ConvGeometry } from '../../spec';
import { constant } from '../constants';
import type { ForwardContext } from '../context';
import { convolutionGradients, convolutionsOf, hasOwnConvolution } from './own-convolution';
import { hasKernel, numbered, runKernel } from './own-kernels';

/** Brings a per-channel vector of the state_dict into the order of the last axis, and back. */
export interface ChannelOrder {
  toAxis(vector: tf.Tensor1D): tf.Tensor1D;
  fromAxis(vector: tf.Tensor1D): tf.Tensor1D;
}

/** What a batch norm is applied to: x, whose elements are seen as rows of as many channels as gamma has; parameters are those of `path`. */
export interface NormalisedBranch<T extends tf.Tensor = tf.Tensor4D> {
  readonly x: T;
  readonly path: string;
  readonly eps: number;
  readonly order?: ChannelOrder;
}

/** A convolution with the weight `weight` of a map that is common to several, and the batch norm `path` after it. */
export interface ConvBranch {
  readonly weight: tf.Tensor4D;
  readonly geometry: ConvGeometry;
  readonly path: string;
  readonly eps: number;
}

/** Convolutions of `input`, all with as many groups, channels and output pixels. */
export interface ConvBranches {
  readonly input: tf.Tensor4D;
  readonly convs: readonly ConvBranch[];
}

/** A backend's own kernel: per branch i its x<i>, gamma<i>, beta<i> -> the sum y of the batch norms, then per branch mean and biased variance. */
export const BATCH_NORM_KERNEL = 'BatchNormSum';
/** Its gradient: dy, with `relu` y, and per branch x<i>, gamma<i>, mean<i>, variance<i> -> per branch dx, dgamma, dbeta. */
export const BATCH_NORM_GRADIENT_KERNEL = 'BatchNormSumGrad';

/** Attributes of both: number of branches, whether y is the sum's positive part, and eps of each batch norm. */
export interface BatchNormAttributes {
  readonly count: number;
  readonly relu: boolean;
  readonly epsilons: readonly number[];
}

/** Whether batch norms go through here. */
export function hasOwnBatchNorm(context: ForwardContext): boolean {
  return context.training && hasKernel(BATCH_NORM_KERNEL);
}

/** Whether these convolutions can be among the branches. */
export function hasOwnBranches({ convs }: ConvBranches, context: ForwardContext): boolean {
  return hasOwnBatchNorm(context) && convs.length > 0 && convs.every(({ geometry }) => hasOwnConvolution(geometry));
}

/** A batch norm's parameter in the order of the axis. */
export function vectorOf(
  { path, order }: Pick<NormalisedBranch<tf.Tensor>, 'path' | 'order'>,
  suffix: string,
  context: ForwardContext,
): tf.Tensor1D {
  const value = context.parameter(joinPath(path, suffix)) as tf.Tensor1D;
  return order ? order.toAxis(value) : value;
}

export type StatisticsReceiver = (mean: tf.Tensor1D, variance: tf.Tensor1D, rows: number) => void;

/** Hands on kept copies, in state_dict order and with the unbiased variance PyTorch stores. */
export function statisticsReceiver(path: string, context: ForwardContext, order?: ChannelOrder): StatisticsReceiver | null {
  const { onStatistics } = context;
  if (!onStatistics) return null;
  const stored = (vector: tf.Tensor1D): tf.Tensor1D => tf.keep(order ? order.fromAxis(vector) : tf.clone(vector));
  return (mean, variance, rows) => onStatistics(path, stored(mean), stored(tf.mul(variance, constant(rows / Math.max(1, rows - 1)))));
}

/** A sum of batch norms: of branches that are given, and of convolutions of one map. */
interface Sum {
  readonly branches: readonly NormalisedBranch<tf.Tensor>[];
  readonly local: ConvBranches | null;
  readonly relu: boolean;
}

/** All branches of a sum, the convolutions last. */
const allOf = ({ branches, local }: Sum): readonly Omit<NormalisedBranch, 'x'>[] => [...branches, ...(local?.convs ?? [])];
const attributesOf = (sum: Sum): BatchNormAttributes => ({
  count: allOf(sum).length,
  relu: sum.relu,
  epsilons: allOf(sum).map(({ eps }) => eps),
});
const geometriesOf = ({ local }: Sum): ConvGeometry[] => local?.convs.map(({ geometry }) => geometry) ?? [];

/** The sum of the branches' batch norms, or its positive part: all of one shape. */
export function ownSum<T extends tf.Tensor>(
  branches: readonly NormalisedBranch<T>[],
  context: ForwardContext,
  relu: boolean,
  local: ConvBranches | null = null,
): T {
  const sum: Sum = { branches, local, relu };
  const vectors = allOf(sum).flatMap(({ path }) => ['weight', 'bias'].map((suffix) => context.parameter(joinPath(path, suffix))));
  const maps = local ? [local.input, ...local.convs.map(({ weight }) => weight)] : [];
  return withGradient([...vectors, ...maps, ...branches.map(({ x }) => x)], (inputs, save) => {
    const given = [...inputs];
    const parts = { vectors: given.splice(0, vectors.length), maps: given.splice(0, maps.length), xs: given };
    const { y, kept } = sumForward(sum, context, parts);
    save([y, ...parts.maps, ...kept]);
    const gradFunc = (dy: tf.Tensor, [y, ...saved]: tf.Tensor[]): tf.Tensor[] =>
      sumGradients(sum, { dy, y, maps: saved.splice(0, maps.length), kept: saved });
    return { value: y, gradFunc };
  }) as T;
}

/** Two vectors per branch, brought into the axis's order or back. */
function inOrder(sum: Sum, vectors: readonly tf.Tensor[], turn: 'toAxis' | 'fromAxis'): tf.Tensor[] {
  return allOf(sum).flatMap(({ order }, i) =>
    vectors.slice(2 * i, 2 * i + 2).map((vector) => (order ? order[turn](vector as tf.Tensor1D) : vector)),
  );
}

/** `vectors`: gamma and beta per branch as they are stored; `maps`: the convolutions' input and weights; `xs`: what is given. Keeps per branch x, gamma, mean, variance. */
function sumForward(
  sum: Sum,
  context: ForwardContext,
  { vectors, maps: [input, ...weights], xs }: Readonly<Record<'vectors' | 'maps' | 'xs', tf.Tensor[]>>,
): { readonly y: tf.Tensor; readonly kept: tf.Tensor[] } {
  const all = sum.local ? [...xs, ...convolutionsOf(input, weights, geometriesOf(sum))] : xs;
  const turned = inOrder(sum, vectors, 'toAxis');
  const named = numbered(
    all.flatMap((x, i) => [x, ...turned.slice(2 * i, 2 * i + 2)]),
    ['x', 'gamma', 'beta'],
  ); // prettier-ignore
  const [y, ...statistics] = runKernel<tf.Tensor[]>(BATCH_NORM_KERNEL, named, attributesOf(sum));
  allOf(sum).forEach(({ path, order }, i) => {
    const [mean, variance] = statistics.slice(2 * i) as tf.Tensor1D[];
    statisticsReceiver(path, context, order)?.(mean, variance, y.size / mean.size);
  });
  return { y, kept: all.flatMap((x, i) => [x, turned[2 * i], statistics[2 * i], statistics[2 * i + 1]]) };
}

/** The gradients of the vectors, the maps and what was given, in this order. */
function sumGradients(sum: Sum, saved: { dy: tf.Tensor; y: tf.Tensor; maps: tf.Tensor[]; kept: tf.Tensor[] }): tf.Tensor[] {
  const { dy, y, maps, kept } = saved;
  const named = { dy, y, ...numbered(kept, ['x', 'gamma', 'mean', 'variance']) };
  const gradients = runKernel<tf.Tensor[]>(BATCH_NORM_GRADIENT_KERNEL, named, attributesOf(sum));
  const dVectors = inOrder(
    sum,
    gradients.filter((_, i) => i % 3 > 0),
    'fromAxis',
  );
  const dxs = gradients.filter((_, i) => i % 3 === 0);
  const given = dxs.splice(0, sum.branches.length);
  if (!sum.local) return [...dVectors, ...given];
  const [input, ...weights] = maps;
  const { dx, dWeights } = convolutionGradients(input, weights, geometriesOf(sum), dxs);
  tf.dispose(dxs);
  return [...dVectors, dx, ...dWeights, ...given];
}
