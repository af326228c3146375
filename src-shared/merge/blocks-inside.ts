// Merges single blocks inside a network that has no description here: only the blocks' own tensors are
// replaced, everything else stays as it is and where it is.
import type { FoundBlock } from '../model/recognise/blocks';
import { leafParameters } from '../model/parameters';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { mergeLayer } from './merge-layer';
import type { MergeProgress } from './report';

/** The state dict with every given train-form block merged, the merged tensors in the place of the block's first one; yields after each block. */
export function* mergeBlocksStepwise(
  weights: NamedTensors,
  found: readonly Pick<FoundBlock, 'block'>[],
): Generator<MergeProgress, NamedTensors> {
  const replacedAt = new Map<string, ReadonlyMap<string, Tensor>>();
  const replaced = new Set<string>();
  for (const [index, { block }] of found.entries()) {
    const path = block.name;
    const names = leafParameters(block, path)
      .map((parameter) => parameter.name)
      .filter((name) => weights.has(name));
    const merged = mergeLayer(block, weights, path);
    const kept = leafParameters({ ...block, form: 'merged' }, path).map(
      ({ name }) => [name, merged.get(name) ?? weights.get(name)] as const,
    );
    replacedAt.set(names[0], new Map(kept.filter((entry): entry is [string, Tensor] => entry[1] !== undefined)));
    names.forEach((name) => replaced.add(name));
    yield { done: index + 1, total: found.length, layer: path };
  }
  const result = new Map<string, Tensor>();
  for (const [name, tensor] of weights) {
    replacedAt.get(name)?.forEach((merged, mergedName) => result.set(mergedName, merged));
    if (!replaced.has(name)) result.set(name, tensor);
  }
  return result;
}
