// The merged layers of a file of an unknown network on the command line: what `cost` and `pattern` look at where a file holds
// groups of known families and no network.
import { runSteps } from '@shared/merge/merge-network';
import { leftLine } from '@shared/merge/recipes/summaries';
import { UserError } from '@shared/base/user-error';
import { parseInputSize } from '@shared/model/input-size';
import type { Pair } from '@shared/model/spec';
import { mergedKernels, type MergedKernels } from '../app/merge/kernels';
import { openQuietly, understandWith } from './network';
import { readShown, StatusLine } from './progress';
import { remark, withRecipeNames, type NetworkOptions, type RecipeOptions } from './verb';
import type { Command } from 'commander';

export interface KernelOptions extends NetworkOptions, RecipeOptions {
  readonly mapSize?: string;
}

/** Adds --recipe, --setting and --map-size. */
export function withKernels(command: Command): Command {
  return withRecipeNames(command).option(
    '--map-size <N|HxW>',
    'of a file of an unknown network: positions of the map that its merged kernels are seen on',
  );
}

/** A file's merged layers, and what they were before. */
export interface OpenedKernels extends Pick<MergedKernels, 'kernels' | 'train'> {
  readonly fileName: string;
}

/** Options that say something about networks, and what is done with merged layers instead. */
export interface OfNetworks {
  readonly given: readonly string[];
  readonly done: string;
}

/**
 * The file's name, and its merged layers; null where its network is known or named, or it has no group of a known family.
 * Throws UserError for options that go with the other of the two.
 */
export async function kernelsOf(path: string, options: KernelOptions, { given, done }: OfNetworks): Promise<OpenedKernels | null> {
  const found = await openKernels(path, options);
  if (found === null && options.mapSize !== undefined)
    throw new UserError(
      `--map-size goes with files of merged or mergeable blocks; ${path} holds no group of a known family in an unknown network`,
    );
  if (found !== null && given.length > 0)
    throw new UserError(`${given.join(', ')}: only with a network that is known; of ${path} its ${done}`);
  return found;
}

async function openKernels(path: string, options: KernelOptions): Promise<OpenedKernels | null> {
  if (options.model !== undefined || options.block !== undefined) return null;
  const file = await openQuietly(path, options);
  try {
    const understood = await understandWith(file, options);
    const status = new StatusLine();
    const found = await mergedKernels(
      file,
      understood,
      options,
      () => readShown(file, status),
      (steps) => runSteps(steps, {}),
    );
    if (found === null) return null;
    found.left.map(leftLine).forEach(remark);
    return { fileName: file.fileName, kernels: found.kernels, train: found.train };
  } finally {
    await file.close();
  }
}

/** What --map-size says. Throws UserError naming it. */
export function mapFrom({ mapSize }: KernelOptions): Pair | null {
  if (mapSize === undefined) return null;
  const { height, width } = parseInputSize('--map-size', mapSize);
  return [height, width];
}
