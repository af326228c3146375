// The network and block a figure's source names: a checkpoint, a run folder or its checkpoints.
import { basename, dirname } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FigureSource } from '@shared/figure/recipe';
import { repBlockAt } from '@shared/merge/block-at';
import { blockMatrices } from '@shared/merge/mathematics/matrices';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import type { BlockMatrices } from '@shared/merge/report';
import { canonicalTensors } from '@shared/model/canonical/canonical';
import { NO_CHOICE } from '@shared/model/recognise/readings';
import { isRepBlock, type NetworkSpec, type RepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { knownNetwork, understandAs } from '../checkpoint/stated-network';
import { openNamedWeights } from '../checkpoint/weights-file';

/** Reads the network of a source. */
export type LoadSource = (source: FigureSource) => Promise<WeightedNetwork>;

/** How files are opened and read, where a door says something of it. */
export interface SourceFiles {
  open(path: string, choice: { readonly weights?: string }): Promise<CheckpointFile>;
  read(file: CheckpointFile): Promise<NamedTensors>;
}

const NAMES = { inputSize: '"inputSize" of the source', naming: 'describe it under "network" of the source' } as const;
const quietly: SourceFiles = { open: openNamedWeights, read: (file) => file.readAll() };

/** The network of a source: as the recipe describes it, else the file's own. Rejects with UserError where the weights do not fit it, or none is known. */
export async function readSource(source: FigureSource, { open, read }: SourceFiles = quietly): Promise<WeightedNetwork> {
  const file = await open(source.path, { weights: source.weights });
  try {
    const { network, inputSize, partitions = [], eps = null } = source;
    const choices = partitions.length === 0 && eps === null ? NO_CHOICE : { partitions, eps };
    const understood = understandAs(file, { network, inputSize, choices }, NAMES);
    const spec = knownNetwork(understood, {}, NAMES);
    return { spec, weights: canonicalTensors(understood.canonical, await read(file)) };
  } finally {
    await file.close();
  }
}

/** A block of a source with its matrices. */
export interface SourceBlock {
  readonly spec: NetworkSpec;
  readonly path: string;
  readonly block: RepBlock;
  readonly matrices: BlockMatrices;
}

/** The block a source names, or the first of its network. Throws UserError where there is none. */
export async function sourceBlock(source: FigureSource, load: LoadSource): Promise<SourceBlock> {
  const { spec, weights } = await load(source);
  const path = blockPath(spec, source);
  return { spec, path, block: repBlockAt(spec, path), matrices: blockMatrices(spec, weights, path) };
}

function blockPath(spec: NetworkSpec, { layer, path }: FigureSource): string {
  if (layer !== undefined) return layer;
  const first = leavesOf(spec).find((visit) => isRepBlock(visit.layer));
  if (first === undefined) throw new UserError(`${path} holds ${spec.name}, which has no RepMLP block to draw`);
  return first.path;
}

/** A source's name in a figure's note: a file's name and its set of weights where one is named, or a run's with its epoch. */
export function sourceName({ path, weights }: FigureSource): string {
  const name = weights === undefined ? basename(path) : `${basename(path)} (${weights})`;
  if (basename(dirname(path)) !== 'checkpoints') return name;
  return `${basename(dirname(dirname(path)))} ${name.replace(/\.safetensors$/, '')}`;
}
