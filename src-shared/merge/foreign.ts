// Merges single blocks inside a network that has no description here: only the blocks' own tensors are
// replaced, everything else stays as it is and where it is.
import type { FoundBlock } from '../model/recognise/blocks';
import { leafParameters } from '../model/parameters';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { mergeLayer } from './merge-layer';

/** The state dict with every found train-form block merged; the merged tensors take the place of the block's first one. */
export function mergeBlocksWhereTheyStand(weights: NamedTensors, found: readonly FoundBlock[]): NamedTensors {
  const replacedAt = new Map<string, ReadonlyMap<string, Tensor>>();
  const replaced = new Set<string>();
  for (const { prefix, block } of found) {
    const path = prefix.replace(/\.$/, '');
    const names = leafParameters(block, path)
      .map((parameter) => parameter.name)
      .filter((name) => weights.has(name));
    const merged = mergeLayer(block, weights, path);
    const kept = leafParameters({ ...block, form: 'merged' }, path).map(
      ({ name }) => [name, merged.get(name) ?? weights.get(name)] as const,
    );
    replacedAt.set(names[0], new Map(kept.filter((entry): entry is [string, Tensor] => entry[1] !== undefined)));
    names.forEach((name) => replaced.add(name));
  }
  const result = new Map<string, Tensor>();
  for (const [name, tensor] of weights) {
    replacedAt.get(name)?.forEach((merged, mergedName) => result.set(mergedName, merged));
    if (!replaced.has(name)) result.set(name, tensor);
  }
  return result;
}
