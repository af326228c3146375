// The forward pass of a network description on the active tfjs backend. Activations are (N, H, W, C)
// inside; parameters stay in PyTorch layout. Invariant: a layer never disposes its input, and nothing
// but the returned tensor outlives the call.
import './gradients';
import * as tf from '@tensorflow/tfjs-core';
import { assertNever } from '../../base/assert-never';
import { isComposite, joinPath, type CompositeSpec, type LayerSpec, type NetworkSpec } from '../spec';
import { relu } from './activation';
import type { ForwardContext, ForwardMode, ParameterSource } from './context';
import { runLeaf } from './leaf';

export type { ForwardMode, ParameterSource } from './context';

/**
 * Runs the network on `x` (N, H, W, C). Returns (N, features), or (N, H', W', C') where it ends in a map.
 * Differentiable with respect to `x` and every parameter. Throws UserError where a layer cannot take its input.
 */
export function forward(spec: NetworkSpec, parameter: ParameterSource, x: tf.Tensor4D, mode: ForwardMode): tf.Tensor {
  return tf.tidy(() => {
    const output = runLayers(spec.layers, '', x, { ...mode, parameter });
    return output === x ? tf.clone(x) : output;
  });
}

function runLayers(layers: readonly LayerSpec[], parent: string, x: tf.Tensor, context: ForwardContext): tf.Tensor {
  let current = x;
  for (const layer of layers) {
    const next = tf.tidy(() => runLayer(layer, joinPath(parent, layer.name), current, context));
    if (current !== x && current !== next) current.dispose();
    current = next;
  }
  return current;
}

function runLayer(layer: LayerSpec, path: string, x: tf.Tensor, context: ForwardContext): tf.Tensor {
  if (isComposite(layer)) return runComposite(layer, path, x, context);
  const output = runLeaf(layer, path, x, context);
  context.onLayer?.(path, output, x);
  return output;
}

function runComposite(layer: CompositeSpec, path: string, x: tf.Tensor, context: ForwardContext): tf.Tensor {
  switch (layer.kind) {
    case 'sequential':
      return runLayers(layer.layers, path, x, context);
    case 'residual': {
      const sum = tf.add(runLayers(layer.body, path, x, context), runLayers(layer.shortcut, path, x, context));
      return layer.activation === 'relu' ? relu(sum) : sum;
    }
    case 'concat': {
      const outputs = layer.branches.map((branch) => runLayers(branch, path, x, context));
      return tf.concat(outputs, x.rank - 1);
    }
    case 'sideHead':
      if (context.training && context.onSideHead) context.onSideHead(path, runLayers(layer.layers, path, x, context));
      return x;
    default:
      return assertNever(layer);
  }
}
