// Names, shapes and roles of every tensor in a network's state_dict, as the official PyTorch code
// has them, so that checkpoints go both ways without a table of renames.
import { assertNever } from '../base/assert-never';
import type { DType } from '../tensor/tensor';
import {
  hasGlobalPerceptron,
  isComposite,
  joinPath,
  type CompositeSpec,
  type LayerSpec,
  type LeafSpec,
  type NetworkSpec,
  type RepMlp,
  type RepMlpNetBlock,
} from './spec';

/** What a tensor is for: decides initialisation, weight decay, and whether the optimizer touches it. */
export type ParameterRole = 'weight' | 'bias' | 'gamma' | 'beta' | 'slope' | 'runningMean' | 'runningVariance' | 'counter';

/** One entry of the state_dict. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly role: ParameterRole;
}

/** Every tensor of the state_dict, in the official order. */
export function parametersOf(spec: NetworkSpec): Parameter[] {
  return inOrder(collect(spec.layers, ''), spec.order, '');
}

/** The tensors of one leaf; names start with `path`. */
export function leafParameters(layer: LeafSpec, path: string): Parameter[] {
  switch (layer.kind) {
    case 'conv2d':
      return affine(path, [layer.out, layer.in / layer.groups, ...layer.kernel], layer.bias);
    case 'convBn': {
      const shape = [layer.out, layer.in / layer.groups, ...layer.kernel];
      const slope = layer.activation === 'prelu' ? [parameter(joinPath(path, 'prelu.weight'), [layer.out], 'slope')] : [];
      if (layer.form === 'merged') return [...affine(joinPath(path, 'conv'), shape, true), ...slope];
      return [...affine(joinPath(path, 'conv'), shape, false), ...batchNorm(joinPath(path, 'bn'), layer.out), ...slope];
    }
    case 'batchNorm':
      return batchNorm(path, layer.channels);
    case 'linear':
      return affine(path, [layer.out, layer.in], layer.bias);
    case 'cosineLinear':
      return affine(path, [layer.out, layer.in], false);
    case 'repmlp':
      return repMlpParameters(layer, path);
    case 'globalPerceptron':
      return [...globalPerceptronFcs(layer, path), ...(layer.form === 'train' ? batchNorm(joinPath(path, 'avg.bn'), layer.C) : [])];
    case 'repmlpNetBlock':
      return repMlpNetParameters(layer, path);
    case 'activation':
      return layer.function === 'prelu' ? [parameter(joinPath(path, 'weight'), [layer.channels], 'slope')] : [];
    case 'pool':
    case 'adaptiveAveragePool':
    case 'flatten':
    case 'resize':
    case 'dropout':
      return [];
    default:
      return assertNever(layer);
  }
}

/** Whether gradients flow into a tensor of this role. */
export function isTrainable(role: ParameterRole): boolean {
  return role !== 'runningMean' && role !== 'runningVariance' && role !== 'counter';
}

/** FC1 and FC2 of a v1 Global Perceptron: (hidden, C*hp*wp) and back. */
function globalPerceptronFcs(block: Pick<RepMlp, 'C' | 'H' | 'W' | 'h' | 'w' | 'reduction'>, path: string): Parameter[] {
  const width = block.C * (block.H / block.h) * (block.W / block.w);
  const hidden = Math.floor(width / block.reduction);
  return [...affine(joinPath(path, 'fc1_fc2.fc1'), [hidden, width], true), ...affine(joinPath(path, 'fc1_fc2.fc2'), [width, hidden], true)];
}

function repMlpParameters(block: RepMlp, path: string): Parameter[] {
  const { C, O, h, w, kernels, groups, form } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const global = hasGlobalPerceptron(block);
  const perceptron = global ? globalPerceptronFcs(block, path) : [];
  const fc3Shape = [O * h * w, (C * h * w) / groups, 1, 1];
  if (form === 'merged') return [...perceptron, ...affine(at('fc3'), fc3Shape, true)];
  return [
    ...perceptron,
    ...(global ? batchNorm(at('avg.bn'), C) : []),
    ...affine(at('fc3'), fc3Shape, false),
    ...batchNorm(at('fc3_bn'), O * h * w),
    ...kernels.flatMap((K) => [...affine(at(`repconv${K}.conv`), [O, C / groups, K, K], false), ...batchNorm(at(`repconv${K}.bn`), O)]),
  ];
}

function repMlpNetParameters(block: RepMlpNetBlock, path: string): Parameter[] {
  const { C, h, w, kernels, reduction, shareSets: S, form } = block;
  const at = (suffix: string): string => joinPath(path, suffix);
  const hidden = Math.floor(C / reduction);
  const perceptron = [...affine(at('gp.fc1'), [hidden, C, 1, 1], true), ...affine(at('gp.fc2'), [C, hidden, 1, 1], true)];
  const fc3Shape = [S * h * w, h * w, 1, 1];
  if (form === 'merged') return [...perceptron, ...affine(at('fc3'), fc3Shape, true)];
  return [
    ...perceptron,
    ...affine(at('fc3'), fc3Shape, block.fc3Bias === true),
    ...batchNorm(at('fc3_bn'), S),
    ...kernels.flatMap((K) => [...affine(at(`repconv${K}.conv`), [S, 1, K, K], false), ...batchNorm(at(`repconv${K}.bn`), S)]),
  ];
}

function parameter(name: string, shape: readonly number[], role: ParameterRole): Parameter {
  return { name, shape, dtype: role === 'counter' ? 'int64' : 'float32', role };
}

function affine(path: string, weightShape: readonly number[], bias: boolean): Parameter[] {
  const weight = parameter(joinPath(path, 'weight'), weightShape, 'weight');
  return bias ? [weight, parameter(joinPath(path, 'bias'), [weightShape[0]], 'bias')] : [weight];
}

function batchNorm(path: string, channels: number): Parameter[] {
  return [
    parameter(joinPath(path, 'weight'), [channels], 'gamma'),
    parameter(joinPath(path, 'bias'), [channels], 'beta'),
    parameter(joinPath(path, 'running_mean'), [channels], 'runningMean'),
    parameter(joinPath(path, 'running_var'), [channels], 'runningVariance'),
    parameter(joinPath(path, 'num_batches_tracked'), [], 'counter'),
  ];
}

function collect(layers: readonly LayerSpec[], parent: string): Parameter[] {
  return layers.flatMap((layer) => {
    const path = joinPath(parent, layer.name);
    if (!isComposite(layer)) return leafParameters(layer, path);
    const order = layer.kind === 'sequential' || layer.kind === 'residual' ? layer.order : undefined;
    return inOrder(collect(childrenOf(layer), path), order, path);
  });
}

/** The layers directly inside a composite, in execution order (body before shortcut). */
export function childrenOf(layer: CompositeSpec): readonly LayerSpec[] {
  switch (layer.kind) {
    case 'sequential':
    case 'sideHead':
      return layer.layers;
    case 'residual':
      return [...layer.body, ...layer.shortcut];
    case 'concat':
      return layer.branches.flat();
    default:
      return assertNever(layer);
  }
}

function inOrder(parameters: Parameter[], order: readonly string[] | undefined, path: string): Parameter[] {
  if (!order) return parameters;
  const prefixes = order.map((name) => `${joinPath(path, name)}.`);
  const rank = (p: Parameter): number => {
    const index = prefixes.findIndex((prefix) => p.name.startsWith(prefix));
    return index < 0 ? prefixes.length : index;
  };
  return parameters
    .map((p) => [rank(p), p] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, p]) => p);
}
