// repmlp cost of a file of an unknown network: its merged layers, each on a map of the size that is asked for.
import type { Convention } from '@shared/cost/convention';
import { costCsv, costJson, costText } from '@shared/cost/export';
import type { GroupLevel } from '@shared/cost/grouping';
import { kernelLedger, mapAssumption } from '@shared/cost/kernel-ledger';
import { groupsShown } from '@shared/merge/kernel-matrix';
import type { Pair } from '@shared/model/spec';
import { kernelsOf, mapFrom, type KernelOptions } from '../kernels';
import { print, printJson } from '../verb';

export interface KernelCostOptions extends KernelOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly by?: GroupLevel;
}

/** The map where none is asked for. */
const USUAL_MAP: Pair = [14, 14];

/** Prints the ledger of a file's merged layers; false where its network is known, or it has none. `refused` are options that say something about networks. */
export async function costOfKernels(
  target: string,
  options: KernelCostOptions,
  convention: Convention,
  refused: readonly string[],
): Promise<boolean> {
  const found = await kernelsOf(target, options, { given: refused, done: 'merged layers are counted' });
  if (found === null) return false;
  const map = mapFrom(options) ?? USUAL_MAP;
  const counted = found.kernels.map(({ path, weight: { shape }, hasBias }) => ({
    path,
    shape,
    hasBias,
    groups: shape.length === 4 ? groupsShown(shape) : 1,
  }));
  const ledger = kernelLedger(found.fileName, counted, map, convention);
  if (options.json) printJson({ ...costJson([ledger]), map, assumed: mapAssumption(map) });
  else if (options.csv) print(costCsv([ledger]).trimEnd());
  else print(`${found.fileName}, merged layers, each on a map of ${map.join('x')}`, costText(ledger, options.by));
  return true;
}
