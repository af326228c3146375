// Short constructors for layer specs, with PyTorch's defaults, so that networks read like their papers.
import type {
  Activation,
  ActivationFunction,
  AdaptiveAveragePool,
  BatchNorm,
  Conv2d,
  ConvBn,
  LayerSpec,
  Linear,
  Pair,
  Pool,
  Residual,
  Sequential,
} from './spec';

/** Options of a convolution; a number stands for both axes. Default stride 1, padding 0, dilation 1, groups 1. */
export interface ConvOptions {
  readonly stride?: number | Pair;
  readonly padding?: number | Pair;
  readonly dilation?: number | Pair;
  readonly groups?: number;
}

function pair(value: number | Pair): Pair {
  return typeof value === 'number' ? [value, value] : value;
}

function geometry(inChannels: number, outChannels: number, kernel: number | Pair, options: ConvOptions) {
  return {
    in: inChannels,
    out: outChannels,
    kernel: pair(kernel),
    stride: pair(options.stride ?? 1),
    padding: pair(options.padding ?? 0),
    dilation: pair(options.dilation ?? 1),
    groups: options.groups ?? 1,
  };
}

/** Conv2d without batch norm. */
export function conv2d(
  name: string,
  inChannels: number,
  outChannels: number,
  kernel: number | Pair,
  options: ConvOptions & { bias?: boolean } = {},
): Conv2d {
  return { kind: 'conv2d', name, ...geometry(inChannels, outChannels, kernel, options), bias: options.bias ?? true };
}

/** Convolution + BN + activation, train form. */
export function convBn(
  name: string,
  inChannels: number,
  outChannels: number,
  kernel: number | Pair,
  activation: ActivationFunction,
  options: ConvOptions & { fusedByMerge?: boolean } = {},
): ConvBn {
  const fusedByMerge = options.fusedByMerge ?? true;
  return { kind: 'convBn', name, ...geometry(inChannels, outChannels, kernel, options), activation, fusedByMerge, form: 'train' };
}

export function batchNorm(name: string, channels: number): BatchNorm {
  return { kind: 'batchNorm', name, channels };
}

export function linear(name: string, inFeatures: number, outFeatures: number, bias = true): Linear {
  return { kind: 'linear', name, in: inFeatures, out: outFeatures, bias };
}

export function relu(name: string): Activation {
  return { kind: 'activation', name, function: 'relu', channels: 0 };
}

export function maxPool(name: string, kernel: number, stride: number, padding = 0): Pool {
  return { kind: 'pool', name, function: 'max', kernel: pair(kernel), stride: pair(stride), padding: pair(padding) };
}

/** Average over the whole map. */
export function globalAveragePool(name: string): AdaptiveAveragePool {
  return { kind: 'adaptiveAveragePool', name, bins: [1, 1] };
}

export function sequential(name: string, layers: readonly LayerSpec[], order?: readonly string[]): Sequential {
  return order ? { kind: 'sequential', name, layers, order } : { kind: 'sequential', name, layers };
}

export function residual(
  name: string,
  body: readonly LayerSpec[],
  shortcut: readonly LayerSpec[] = [],
  activation: 'none' | 'relu' = 'none',
): Residual {
  return { kind: 'residual', name, body, shortcut, activation };
}

/** Global average pool, flatten, fully-connected classifier. */
export function classifier(name: string, channels: number, classes: number): LayerSpec[] {
  return [globalAveragePool('pool'), { kind: 'flatten', name: 'flatten' }, linear(name, channels, classes)];
}
