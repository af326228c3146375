// repmlp pattern of a file of an unknown network: its merged kernels, each as the matrix it is on a map.
import { MAP_ASSUMPTION } from '@shared/merge/kernel-matrix';
import { placeText } from '@shared/merge/recipes/summaries';
import { UserError } from '@shared/base/user-error';
import type { MergedKernel } from '../../app/merge/kernels';
import { kernelPattern, looksAround } from '@shared/pattern/kernel-pattern';
import { kernelsOf, mapFrom, type KernelOptions } from '../kernels';
import { print, printJson } from '../verb';
import { kernelTable } from './text';

interface KernelPatternOptions extends KernelOptions {
  readonly layer?: string;
  readonly json?: boolean;
}

/** Prints the patterns of a file's merged kernels; false where its network is known, or it has none. `refused` are options that say something about networks. */
export async function patternOfKernels(path: string, options: KernelPatternOptions, refused: readonly string[]): Promise<boolean> {
  const found = await kernelsOf(path, options, { given: refused, done: 'merged kernels are analysed' });
  if (found === null) return false;
  const map = mapFrom(options);
  const patterns = chosenKernels(found.kernels, options.layer, path).map((kernel) => kernelPattern(kernel, map));
  if (options.json) printJson({ model: null, form: 'merged', assumed: MAP_ASSUMPTION, kernels: patterns });
  else print(kernelTable(patterns), `assumed, as no weights tell it: ${MAP_ASSUMPTION}`);
  return true;
}

/** Kernels that look at more than one place, or the one asked for. */
function chosenKernels(kernels: readonly MergedKernel[], layer: string | undefined, path: string): readonly MergedKernel[] {
  const spatial = kernels.filter(({ weight: { shape } }) => looksAround(shape));
  if (layer === undefined) {
    if (spatial.length === 0) throw new UserError(`${path} has no merged kernel larger than 1x1: its layers look at one place each`);
    return spatial;
  }
  const own = kernels.find((kernel) => kernel.path === layer);
  if (own) return [own];
  throw new UserError(`${path} has no merged layer ${layer}; it has ${kernels.map((kernel) => placeText(kernel.path)).join(', ')}`);
}
