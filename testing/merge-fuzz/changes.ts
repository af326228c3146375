// What mutations of described checkpoints are made of. Invariant: all that is random comes from the case's own stream, so that
// a case is the same whenever it is run.
import { elementCount, floatTensor } from '@shared/tensor/tensor';
import { normalArray, type Random } from '@shared/tensor/random';
import type { Branch, Described, TrueBlock } from './described';

/** Changes a described checkpoint. */
export type Mutation = (described: Described, random: Random) => void;

/** One of them. */
export const among = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)];

/** A block, put back changed. */
export function changeBlock(described: Described, random: Random, change: (block: TrueBlock) => TrueBlock): void {
  const index = random.integer(described.blocks.length);
  described.blocks[index] = change(described.blocks[index]);
}

/** A branch of a block, put back changed; nothing where there is none. */
export function changeBranch(described: Described, random: Random, change: (branch: Branch, block: TrueBlock) => Branch): void {
  changeBlock(described, random, (block) => {
    if (block.branches.length === 0) return block;
    const at = random.integer(block.branches.length);
    return { ...block, branches: block.branches.map((branch, i) => (i === at ? change(branch, block) : branch)) };
  });
}

/** Empty where there is no such tensor. */
export const shapeOf = (described: Described, name: string): readonly number[] => described.tensors.get(name)?.shape ?? [];

/** Adds a tensor drawn at random. */
export function add(described: Described, random: Random, name: string, shape: readonly number[]): void {
  described.tensors.set(name, floatTensor(shape, normalArray(random, elementCount(shape), 0.5)));
}
