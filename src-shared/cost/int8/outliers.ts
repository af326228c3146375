// Which weight makes one scale too coarse for the rest of its tensor, and what made that weight: of merged FC3 matrices the branch (or
// FC3 itself with its batch norm) whose part is largest in that cell; of merged convolutions the kernel or its batch norm's factor.
import { isRepBlock, joinPath, type ConvBn, type RepBlock } from '../../model/spec';
import { leavesOf } from '../../model/walk';
import { columnsOf, fcShapeOf } from '../../matrix/geometry';
import { scaleShiftOf } from '../../merge/mathematics/batch-norm';
import { cellExplainer, type Provenance } from '../../merge/mathematics/matrices';
import type { WeightedNetwork } from '../../merge/merge-network';
import { toFloat32, toFloat64 } from '../../tensor/convert';
import { largestMagnitude } from '../../tensor/int8';
import { elementCount, type NamedTensors, type Tensor } from '../../tensor/tensor';
import type { Int8Outlier } from './report';

/** From this many times the median channel's range on a scale for all wastes a bit of most channels. */
export const OUTLIER_TIMES = 2;

/** Explains an outlier of a tensor: its flat place and its channel. */
export type Cause = (offset: number, channel: number, times: number) => string;

/** The outlier of a weight; null where all channels have about one range. */
export function outlierOf(tensor: Tensor, cause: Cause): Int8Outlier | null {
  const { shape, data } = toFloat32(tensor);
  const length = elementCount(shape) / shape[0];
  const ranges = Array.from({ length: shape[0] }, (_, row) => largestMagnitude(data, row * length, (row + 1) * length));
  const median = medianOf(ranges);
  const channel = ranges.reduce((best, range, row) => (range > ranges[best] ? row : best), 0);
  const times = median === 0 ? Infinity : ranges[channel] / median;
  if (!(times >= OUTLIER_TIMES) || ranges[channel] === 0) return null;
  let offset = channel * length;
  while (Math.abs(data[offset]) !== ranges[channel]) offset++;
  const index = [channel];
  for (let rest = offset - channel * length, axis = 1; axis < shape.length; axis++) {
    const size = elementCount(shape.slice(axis + 1));
    index.push(Math.floor(rest / size));
    rest %= size;
  }
  return { channel, times, index, value: data[offset], cause: cause(offset, channel, times) };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const OWN: Cause = (_, channel, times) =>
  `the weights of channel ${channel} are ${timesText(times)} the median channel's as they were trained`;

/** Causes of a merged network's outliers, by the name of the merged weight; `train` is what it was merged from. */
export function mergedCauses({ spec, weights }: WeightedNetwork): (name: string) => Cause {
  const causes = new Map<string, Cause>();
  for (const { layer, path } of leavesOf(spec)) {
    if (isRepBlock(layer) && layer.form === 'train')
      causes.set(
        joinPath(path, 'fc3.weight'),
        lazily(() => blockCause(layer, weights, path)),
      );
    if (layer.kind === 'convBn' && layer.form === 'train') causes.set(joinPath(path, 'conv.weight'), convCause(layer, weights, path));
  }
  return (name) => causes.get(name) ?? OWN;
}

/** The same of weights that are not merged: they are as they were trained. */
export const ownCauses = (): Cause => OWN;

/** Batch norms are folded when an outlier is there to be explained. */
function lazily(make: () => Cause): Cause {
  let made: Cause | null = null;
  return (...at) => (made ??= make())(...at);
}

function blockCause(block: RepBlock, weights: NamedTensors, path: string): Cause {
  const explain = cellExplainer(block, weights, path);
  const columns = columnsOf(fcShapeOf(block));
  return (offset) => cellText(explain(Math.floor(offset / columns), offset % columns));
}

/** The largest part of a merged cell, by name. */
export function cellText({ weight, scale, fc, kernels, sum }: Provenance): string {
  const parts = [
    { text: `FC3 itself (weight ${short(weight)} times ${short(scale)} of its batch norm)`, part: fc },
    ...kernels.flatMap(({ K, at, part }) => (at === null ? [] : [{ text: `the ${K}x${K} branch with its batch norm`, part }])),
  ];
  const most = parts.reduce((a, b) => (Math.abs(b.part) > Math.abs(a.part) ? b : a));
  return `${most.text} gives ${short(most.part)} of ${short(sum)}`;
}

function convCause({ eps }: ConvBn, weights: NamedTensors, path: string): Cause {
  return (_, channel) => {
    const read = (name: string): Float64Array => toFloat64(weights.get(joinPath(path, name)) as Tensor);
    const statistics = { gamma: read('bn.weight'), beta: read('bn.bias'), mean: read('bn.running_mean'), variance: read('bn.running_var') };
    const { scale } = scaleShiftOf({ ...statistics, eps });
    const kernel = toFloat32(weights.get(joinPath(path, 'conv.weight')) as Tensor);
    const length = elementCount(kernel.shape.slice(1));
    const ranges = Array.from({ length: kernel.shape[0] }, (__, row) => largestMagnitude(kernel.data, row * length, (row + 1) * length));
    const ofNorm = Math.abs(scale[channel]) / medianOf(Array.from(scale, Math.abs));
    const ofKernel = ranges[channel] / medianOf(ranges);
    const { gamma, variance } = statistics;
    return ofNorm >= ofKernel
      ? `its batch norm: gamma ${short(gamma[channel])} over the root of variance ${short(variance[channel])} is ${timesText(ofNorm)} the median channel's factor (the kernel ${timesText(ofKernel)})`
      : `its kernel: ${timesText(ofKernel)} the median channel's before the batch norm (whose factor is ${timesText(ofNorm)} the median's)`;
  };
}

function timesText(times: number): string {
  return `${short(times)} times`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
