// Names, shapes and roles of every tensor in a network's state_dict, as the official PyTorch code
// has them, so that checkpoints go both ways without a table of renames.
import { childrenOf, isComposite, type LayerSpec } from './composites';
import { leafRecord, type LeafSpec } from './leaves';
import { joinPath, type Parameter, type ParameterRole } from './leaves/tensors';
import type { NetworkSpec } from './spec';

export { childrenOf } from './composites';
export type { Parameter, ParameterRole } from './leaves/tensors';

/** Every tensor of the state_dict, in the official order. */
export function parametersOf(spec: NetworkSpec): Parameter[] {
  return inOrder(collect(spec.layers, ''), spec.order, '');
}

/** The tensors of one leaf; names start with `path`. */
export function leafParameters(layer: LeafSpec, path: string): Parameter[] {
  return leafRecord(layer).parameters(layer, path);
}

/** Whether gradients flow into a tensor of this role. */
export function isTrainable(role: ParameterRole): boolean {
  return role !== 'runningMean' && role !== 'runningVariance' && role !== 'counter';
}

function collect(layers: readonly LayerSpec[], parent: string): Parameter[] {
  return layers.flatMap((layer) => {
    const path = joinPath(parent, layer.name);
    if (!isComposite(layer)) return leafParameters(layer, path);
    return inOrder(collect(childrenOf(layer), path), 'order' in layer ? layer.order : undefined, path);
  });
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
