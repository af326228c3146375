// Weights in memory: of a known network, or of one that is unknown as a whole but has known blocks inside.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import { entriesOfFile, entriesOfTensors, type TensorEntry } from '@shared/checkpoint/entries';
import { repBlockAt } from '@shared/merge/block-at';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import { recognise } from '@shared/model/recognise/recognise';
import { isRepBlock, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { chosenSet, setMetadata } from './weight-sets-text';
import { nearestText, networkOf, specMetadata } from '../../files/checkpoint-network';

/** What was read, and what can be done with it. */
export interface LoadedWeights {
  /** null where the network is unknown. */
  readonly spec: NetworkSpec | null;
  readonly weights: NamedTensors;
  readonly fileName: string;
  /** The set of weights they are, of a file that holds several. */
  readonly set?: string | null;
  /** Blocks inside an unknown network, in train form and complete. */
  readonly inside: readonly RepBlock[];
  /** Why the network cannot be run, where it is unknown. */
  readonly unknown: string;
}

/** A known network's weights. */
export function loadedNetwork({ spec, weights }: WeightedNetwork): LoadedWeights {
  return { spec, weights, fileName: spec.name, inside: [], unknown: '' };
}

/** Reads everything, then calls `done`. Rejects with UserError if the file holds neither a known network nor a block. */
export async function readWeights(file: CheckpointFile, done: () => Promise<void>): Promise<LoadedWeights> {
  try {
    const spec = networkOf(file);
    const inside = spec === null ? blocksInside(file) : [];
    const unknown = spec === null ? `${file.fileName} holds no network that is known here. ${nearestText(file)}` : '';
    if (spec === null && inside.length === 0) throw new UserError(unknown);
    return { spec, weights: await file.readAll(), fileName: file.fileName, set: chosenSet(file), inside, unknown };
  } finally {
    await done();
  }
}

/** Blocks of an unknown network that can be computed and merged: in train form, with all their tensors. */
export function blocksInside({ tensors }: Pick<CheckpointFile, 'tensors'>): RepBlock[] {
  return recognise(tensors).blocks.flatMap(({ block, problem }) => (block.form === 'train' && problem === null ? [block] : []));
}

/** The network. Throws UserError where it is unknown. */
export function networkIn({ spec, weights, unknown }: LoadedWeights): WeightedNetwork {
  if (spec === null) throw new UserError(unknown);
  return { spec, weights };
}

/** Paths of the blocks of a network, or of those inside an unknown one; none where a file holds neither. */
export function blockPaths(spec: NetworkSpec | null, inside: readonly RepBlock[]): string[] {
  if (spec === null) return inside.map(({ name }) => name);
  return leavesOf(spec).flatMap(({ layer, path }) => (isRepBlock(layer) ? [path] : []));
}

/** The block at `path`. Throws UserError, listing the blocks there are, if it is none. */
export function blockIn({ spec, inside, fileName }: LoadedWeights, path: string): RepBlock {
  if (spec !== null) return repBlockAt(spec, path);
  const found = inside.find(({ name }) => name === path);
  if (found) return found;
  throw new UserError(`${fileName} has no RepMLP block at '${path}'; its blocks: ${inside.map(({ name }) => name).join(', ')}`);
}

/** What a file is written from. */
export interface Writable {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Weights in memory as a file holds them. */
export function writableWeights({ spec, weights, set }: LoadedWeights): Writable {
  return { entries: entriesOfTensors(weights), metadata: { ...(spec === null ? {} : specMetadata(spec)), ...setMetadata(set) } };
}

/** An opened file as another file holds it, for inputs of `size` where one was chosen: every tensor is read when its turn comes. */
export function writableFile(file: CheckpointFile, size: InputSize | null): Writable {
  const own = networkOf(file);
  const spec = own && size ? withSizeOf(own, size) : own;
  const metadata = { ...file.metadata, ...(spec === null ? {} : specMetadata(spec)), ...setMetadata(chosenSet(file)) };
  return { entries: entriesOfFile(file), metadata };
}
