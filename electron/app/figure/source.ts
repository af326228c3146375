// The network a figure's source names: a checkpoint, a run folder, one of its checkpoints, or `bundled:NAME`.
import { relative } from 'node:path';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FigureSource } from '@shared/figure/recipe';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { canonicalTensors } from '@shared/model/canonical/canonical';
import { NO_CHOICE } from '@shared/model/recognise/partition-readings';
import type { NamedTensors } from '@shared/tensor/tensor';
import { knownNetwork, understandAs } from '../checkpoint/stated-network';
import { bundledName, openNamedWeights } from '../checkpoint/weights-file';

/** Reads the network of a source. */
export type LoadSource = (source: FigureSource) => Promise<WeightedNetwork>;

/** How files are opened and read, where a door says something of it. */
export interface SourceFiles {
  open(path: string, choice: { readonly weights?: string }): Promise<CheckpointFile>;
  read(file: CheckpointFile): Promise<NamedTensors>;
  /** Hears how a file was read where its shapes left a partition open: the figure shows what was assumed. */
  say?(text: string): void;
}

const NAMES = { inputSize: '"inputSize" of the source', naming: 'describe it under "network" of the source' } as const;
const quietly: SourceFiles = { open: openNamedWeights, read: (file) => file.readAll() };

/** The network of a source: as the recipe describes it, else the file's own. Rejects with UserError where the weights do not fit it, or none is known. */
export async function readSource(source: FigureSource, files: SourceFiles = quietly): Promise<WeightedNetwork> {
  const file = await files.open(source.path, { weights: source.weights });
  try {
    const { network, inputSize, partitions = [], eps = null } = source;
    const choices = partitions.length === 0 && eps === null ? NO_CHOICE : { partitions, eps };
    const understood = understandAs(file, { network, inputSize, choices }, NAMES);
    const spec = knownNetwork(understood, {}, NAMES);
    if (understood.others.size > 0) understood.said.forEach((text) => files.say?.(`${file.fileName}: ${text}`));
    return { spec, weights: canonicalTensors(understood.canonical, await files.read(file)) };
  } finally {
    await file.close();
  }
}

/** How a recipe in `folder` names the weights at `path`. */
export function namedInRecipe(folder: string, path: string): string {
  return bundledName(path) === null ? relative(folder, path) || '.' : path;
}
