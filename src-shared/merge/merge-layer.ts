// The tensors that each layer which a merge fuses becomes. Input tensors of any floating type are read
// as they are; results are float32. The input is never changed.
import { assertNever } from '../base/assert-never';
import { epsOf, hasGlobalPerceptron, joinPath, type ConvBn, type GlobalPerceptron, type RepBlock, type RepMlp } from '../model/spec';
import type { MergeableLayer } from '../model/merged-spec';
import { toFloat32 } from '../tensor/convert';
import { floatTensor, type NamedTensors, type Tensor } from '../tensor/tensor';
import { UserError } from '../base/user-error';
import { scaleShiftOf, type ScaleShift } from './mathematics/batch-norm';
import { mergedBias, mergedMatrix, type MatrixTarget } from './mathematics/fc-matrix';
import { columnsOf, fcShapeOf, rowsOf } from '../matrix/geometry';
import { bnIntoConv, sumOfBranches, type Kernel, type Reals } from './mathematics/kernels';
import { poolBnIntoFc1 } from './mathematics/pool-bn';
import { newDoubles, withScratch, type Doubles } from './mathematics/scratch-doubles';

/** The merged tensors of one block whose tensors are at `path` (for one block on its own, without a network). */
export function mergeBlock(block: RepBlock, weights: NamedTensors, path = '', target: MatrixTarget = {}): MergedTensors {
  return mergeLayer(block, weights, path, target);
}

/** Merged tensors by name; those that do not change are left out. */
export type MergedTensors = Map<string, Tensor>;

/** Reads the real numbers of the tensor `<path>.<suffix>`. */
export type ReadReals = (suffix: string) => Reals;

/** A reader of the tensors below `path`. Throws UserError where one is missing. */
export function realsAt(weights: NamedTensors, path: string): ReadReals {
  return (suffix) => {
    const name = joinPath(path, suffix);
    const tensor = weights.get(name);
    if (!tensor) throw new UserError(`the weights have no tensor '${name}'`);
    return tensor.dtype === 'float64' ? (tensor.data as Float64Array) : toFloat32(tensor).data;
  };
}

/** The new tensors of one layer at `path`; `target` says where FC3's matrix is written and by whom. */
export function mergeLayer(layer: MergeableLayer, weights: NamedTensors, path: string, target: MatrixTarget = {}): MergedTensors {
  const read = realsAt(weights, path);
  switch (layer.kind) {
    case 'convBn':
      return named(path, mergeConvBn(layer, read));
    case 'globalPerceptron':
      return named(path, mergeGlobalPerceptron(layer, read));
    case 'repmlp':
      return named(path, { ...(hasGlobalPerceptron(layer) ? mergeGlobalPerceptron(layer, read) : {}), ...mergeFc3(layer, read, target) });
    case 'repmlpNetBlock':
      return named(path, mergeFc3(layer, read, target));
    default:
      return assertNever(layer);
  }
}

type Merged = Readonly<Record<string, Tensor>>;

function named(path: string, tensors: Merged): MergedTensors {
  return new Map(Object.entries(tensors).map(([suffix, tensor]) => [joinPath(path, suffix), tensor]));
}

function mergeConvBn(layer: ConvBn, read: ReadReals): Merged {
  const { weight, bias } = bnIntoConv(read('conv.weight'), normAt(read, 'bn', epsOf(layer)));
  return {
    'conv.weight': floatTensor([layer.out, layer.in / layer.groups, ...layer.kernel], Float32Array.from(weight)),
    'conv.bias': floatTensor([layer.out], Float32Array.from(bias)),
  };
}

function mergeGlobalPerceptron(layer: RepMlp | GlobalPerceptron, read: ReadReals): Merged {
  const { C, H, W, h, w } = layer;
  const partitions = (H / h) * (W / w);
  const fc1 = { weight: read('fc1_fc2.fc1.weight'), bias: read('fc1_fc2.fc1.bias') };
  const { weight, bias } = poolBnIntoFc1(fc1, normAt(read, 'avg.bn', epsOf(layer)), partitions);
  return {
    'fc1_fc2.fc1.weight': floatTensor([bias.length, C * partitions], weight),
    'fc1_fc2.fc1.bias': floatTensor([bias.length], bias),
  };
}

function mergeFc3(block: RepBlock, read: ReadReals, target: MatrixTarget): Merged {
  return withScratch((doubles) => mergeFc3With(doubles, block, read, target));
}

function mergeFc3With(doubles: Doubles, block: RepBlock, read: ReadReals, target: MatrixTarget): Merged {
  const shape = fcShapeOf(block);
  const norm = fc3NormAt(block, read, doubles);
  const kernel = kernelOf(block, read, doubles);
  const merged = mergedMatrix(read('fc3.weight'), norm.scale, kernel, shape, target);
  return {
    'fc3.weight': floatTensor([rowsOf(shape), columnsOf(shape), 1, 1], merged),
    'fc3.bias': floatTensor([rowsOf(shape)], mergedBias(norm.shift, kernel?.bias ?? null, shape)),
  };
}

/** The conv branches of a block, BNs folded in, as one kernel; null where it has none. */
export function kernelOf(block: RepBlock, read: ReadReals, doubles = newDoubles): Kernel | null {
  const branches = block.kernels.map((K) => ({
    K,
    weight: read(`repconv${K}.conv.weight`),
    norm: normAt(read, `repconv${K}.bn`, epsOf(block), doubles),
  }));
  return sumOfBranches(branches, fcShapeOf(block), doubles);
}

/** The conv branches of a block with their BNs folded in, in the order of `kernels`. */
export function branchesOf(block: RepBlock, read: ReadReals): Kernel[] {
  const { O, channels } = fcShapeOf(block);
  return block.kernels.map((K) => {
    const fused = bnIntoConv(read(`repconv${K}.conv.weight`), normAt(read, `repconv${K}.bn`, epsOf(block)));
    return { O, channels, K, ...fused };
  });
}

/** The affine map of the batch norm called `name`. */
export function normAt(read: ReadReals, name: string, eps: number, doubles = newDoubles): ScaleShift {
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => read(`${name}.${part}`));
  return scaleShiftOf({ gamma, beta, mean, variance, eps }, doubles);
}

/**
 * The affine map of FC3's batch norm, with FC3's own bias b in it where it has one: then there is a shift per row,
 * s b + shift, instead of one per share-set.
 */
export function fc3NormAt(block: RepBlock, read: ReadReals, doubles = newDoubles): ScaleShift {
  const norm = normAt(read, 'fc3_bn', epsOf(block), doubles);
  if (block.kind === 'repmlp' || !block.fc3Bias) return norm;
  const bias = read('fc3.bias');
  const [scale, shift] = [doubles(bias.length), doubles(bias.length)];
  const area = bias.length / norm.scale.length;
  for (let row = 0; row < bias.length; row++) {
    const set = Math.floor(row / area);
    scale[row] = norm.scale[set];
    shift[row] = norm.scale[set] * bias[row] + norm.shift[set];
  }
  return { scale, shift };
}
