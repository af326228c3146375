// Forward pass of a whole network in double precision: the oracle that the backends and the merge are
// measured against. Eval mode; every layer kind, train and merged form. Speed is no concern here.
import { assertNever } from '@shared/base/assert-never';
import { toFloat64 } from '@shared/tensor/convert';
import type { FloatTensor, NamedTensors } from '@shared/tensor/tensor';
import { epsOf, isComposite, joinPath, type LayerSpec, type LeafSpec, type NetworkSpec, type Residual } from '@shared/model/spec';
import { parametersAt, reshape, sum, within, type Array64, type ParameterReader } from './array64';
import { globalPerceptron, repMlp, repMlpNetBlock } from './blocks';
import { concatChannels } from './concat';
import { conv2d, fullyConnected } from './convolution';
import { activate, adaptiveAveragePool, batchNorm, cosineScores, pool, resize } from './layers';

/** Output of the network and, where asked for, of every leaf by path. */
export interface ReferenceResult {
  readonly output: Float64Array;
  readonly shape: readonly number[];
  readonly layers: ReadonlyMap<string, Array64>;
}

interface Context {
  readonly weights: NamedTensors;
  readonly layers: Map<string, Array64> | null;
}

/**
 * Runs `spec` in eval mode on x (N, C, H, W). `layers: true` also keeps every leaf's output (side heads do not run).
 * Throws UserError where a tensor is missing. Source: arXiv 2105.01883 and 2112.11081, as in blocks.ts.
 */
export function referenceForward(
  spec: NetworkSpec,
  weights: NamedTensors,
  x: FloatTensor,
  options: { readonly layers?: boolean } = {},
): ReferenceResult {
  const layers = new Map<string, Array64>();
  const context: Context = { weights, layers: options.layers ? layers : null };
  const output = runAll(spec.layers, '', { shape: x.shape, data: toFloat64(x) }, context);
  return { output: output.data, shape: output.shape, layers };
}

function runAll(layers: readonly LayerSpec[], path: string, x: Array64, context: Context): Array64 {
  return layers.reduce((input, layer) => run(layer, path, input, context), x);
}

function run(layer: LayerSpec, parent: string, x: Array64, context: Context): Array64 {
  const path = joinPath(parent, layer.name);
  if (!isComposite(layer)) {
    const y = runLeaf(layer, x, parametersAt(context.weights, path));
    context.layers?.set(path, y);
    return y;
  }
  switch (layer.kind) {
    case 'sequential':
      return runAll(layer.layers, path, x, context);
    case 'residual':
      return runResidual(layer, path, x, context);
    case 'concat':
      return concatChannels(layer.branches.map((branch) => runAll(branch, path, x, context)));
    case 'sideHead':
      return x;
    default:
      return assertNever(layer);
  }
}

function runResidual(layer: Residual, path: string, x: Array64, context: Context): Array64 {
  const total = sum(runAll(layer.body, path, x, context), runAll(layer.shortcut, path, x, context));
  return activate(total, layer.activation, () => total);
}

function runLeaf(layer: LeafSpec, x: Array64, read: ParameterReader): Array64 {
  switch (layer.kind) {
    case 'conv2d':
      return conv2d(x, read('weight'), layer.bias ? read('bias') : null, layer);
    case 'convBn': {
      const y = conv2d(x, read('conv.weight'), layer.form === 'merged' ? read('conv.bias') : null, layer);
      const normed = layer.form === 'merged' ? y : batchNorm(y, within(read, 'bn'), epsOf(layer));
      return activate(normed, layer.activation, () => read('prelu.weight'));
    }
    case 'batchNorm':
      return batchNorm(x, read, epsOf(layer));
    case 'linear':
      return fullyConnected(x, read('weight'), layer.bias ? read('bias') : null);
    case 'cosineLinear':
      return cosineScores(x, read('weight'));
    case 'repmlp':
      return repMlp(x, layer, read);
    case 'globalPerceptron':
      return globalPerceptron(x, layer, read);
    case 'repmlpNetBlock':
      return repMlpNetBlock(x, layer, read);
    case 'activation':
      return activate(x, layer.function, () => read('weight'));
    case 'pool':
      return pool(x, layer);
    case 'adaptiveAveragePool':
      return adaptiveAveragePool(x, layer.bins);
    case 'flatten':
      return reshape(x, [x.shape[0], x.data.length / x.shape[0]]);
    case 'resize':
      return resize(x, layer.size);
    case 'dropout':
      return x;
    default:
      return assertNever(layer);
  }
}
