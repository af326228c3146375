// Weights in memory: of a known network, or of one that is unknown as a whole but has known blocks inside.
import type { CheckpointFile, CheckpointFormat } from '@shared/checkpoint/checkpoint-file';
import { entriesOfFile, entriesOfTensors, type TensorEntry } from '@shared/checkpoint/entries';
import { repBlockAt } from '@shared/merge/block-at';
import { readCheckpoint, type MergedCheckpoint, type ReadCheckpoint } from '@shared/merge/merge-checkpoint';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { withSizeOf, type InputSize } from '@shared/model/input-size';
import type { Choices } from '@shared/model/recognise/partition-readings';
import { expectDecided, understand, type Understanding } from '@shared/model/recognise/understand';
import { isRepBlock, type NetworkSpec, type Pair, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { tensorInfos, type NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { nearestOf, specMetadata, understandFile } from '../../files/checkpoint-network';
import { lostSettings, networkMetadata, readOf } from './kept-settings';
import { chosenSet, setMetadata } from './weight-sets-text';

/** What was read, and what can be done with it. */
export interface LoadedWeights {
  /** null where the network is unknown. */
  readonly spec: NetworkSpec | null;
  /** Under official names. */
  readonly weights: NamedTensors;
  readonly fileName: string;
  /** The set of weights they are, of a file that holds several. */
  readonly set?: string | null;
  /** Blocks inside an unknown network, in train form and complete. */
  readonly inside: readonly RepBlock[];
  /** Why the network cannot be run, where it is unknown. */
  readonly unknown: string;
  /** The file they come from: what merges them, and what they are written back as. */
  readonly read: ReadCheckpoint;
  /** Understands the same file with another partition of its blocks. */
  readonly readAs: (partition: Pair) => Understanding;
}

/** Reads everything, then calls `done`. Rejects with UserError if the file holds neither a known network nor a block, or leaves a question open. */
export async function readWeights(file: CheckpointFile, done: () => Promise<void>, choices?: Choices): Promise<LoadedWeights> {
  try {
    const understood = understandFile(file, choices);
    const { spec, fileName } = understood;
    const inside = spec === null ? blocksInside(understood) : [];
    const unknown = spec === null ? `${fileName} holds no network that is known here. ${nearestOf(understood)}` : '';
    if (spec === null && inside.length === 0) throw new UserError(unknown);
    expectDecided(understood);
    const read = readCheckpoint(understood, await file.readAll());
    const readAs = (partition: Pair): Understanding => understandFile(file, { partitions: [partition], eps: choices?.eps ?? null });
    return { spec, weights: read.weights, fileName, set: chosenSet(file), inside, unknown, read, readAs };
  } finally {
    await done();
  }
}

/** Weights that were merged here, of the file `from` was read from. */
export function mergedWeights(from: LoadedWeights, { spec, weights, stored }: MergedCheckpoint): LoadedWeights {
  const tensors = tensorInfos(stored);
  // No pickled module describes the merged form; what its batch norms' eps are stands in the spec.
  const understood = understand({ fileName: `${from.fileName}, merged`, tensors, moduleSettings: new Map() }, undefined, spec);
  const read = { understood, stored, weights };
  return { ...from, spec, weights, inside: [], read };
}

/** Blocks of an unknown network that can be computed and merged: in train form, with all their tensors. */
export function blocksInside({ blocks }: Pick<Understanding, 'blocks'>): RepBlock[] {
  return blocks.flatMap(({ block, problem }) => (block.form === 'train' && problem === null ? [block] : []));
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
  /** What a file of this format would be read without. */
  readonly lost: (format: CheckpointFormat) => string[];
}

/** Weights in memory as a file holds them. */
export function writableWeights({ spec, read, set }: LoadedWeights): Writable {
  const lost = (format: CheckpointFormat): string[] => lostSettings({ ...read.understood, spec }, tensorInfos(read.stored), format);
  return { entries: entriesOfTensors(read.stored), metadata: { ...(spec === null ? {} : specMetadata(spec)), ...setMetadata(set) }, lost };
}

/** An opened file as another file holds it, with what was said of it and for inputs of `size` where one was chosen: every tensor is read when its turn comes. */
export function writableFile(file: CheckpointFile, choices: Choices, size: InputSize | null): Writable {
  const understood = understandFile(file, choices);
  const spec = understood.spec && size ? withSizeOf(understood.spec, size) : understood.spec;
  const read = { ...readOf(understood, file.moduleSettings), spec };
  const metadata = { ...file.metadata, ...networkMetadata(read), ...setMetadata(chosenSet(file)) };
  return { entries: entriesOfFile(file), metadata, lost: (format) => lostSettings(read, file.tensors, format) };
}
