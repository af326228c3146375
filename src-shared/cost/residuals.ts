// Where the residual sums of a network end, in leaves: their closing ReLU is no leaf of its own, yet it
// costs an operation per element when activations are counted.
import { isComposite, joinPath, type LayerSpec, type NetworkSpec } from '../model/spec';
import { childrenOf } from '../model/parameters';

/** A residual sum: its path, closing activation and the index (in `leavesOf` order) of the last leaf inside it. */
export interface ResidualSum {
  readonly path: string;
  readonly activation: 'none' | 'relu';
  readonly lastLeaf: number;
}

/** Every residual sum of a network, inner ones before outer ones. */
export function residualActivations(spec: NetworkSpec): ResidualSum[] {
  const sums: ResidualSum[] = [];
  countLeaves(spec.layers, '', 0, sums);
  return sums;
}

function countLeaves(layers: readonly LayerSpec[], parent: string, before: number, sums: ResidualSum[]): number {
  return layers.reduce((count, layer) => {
    if (!isComposite(layer)) return count + 1;
    const path = joinPath(parent, layer.name);
    const after = countLeaves(childrenOf(layer), path, count, sums);
    if (layer.kind === 'residual') sums.push({ path, activation: layer.activation, lastLeaf: after - 1 });
    return after;
  }, before);
}
