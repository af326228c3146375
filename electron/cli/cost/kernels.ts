// repmlp cost of a file of an unknown network: its merged layers, and what they were before where the recipes tell it, each on a
// map of the size that is asked for.
import { UserError } from '@shared/base/user-error';
import type { Convention } from '@shared/cost/convention';
import { familyLedgers } from '@shared/cost/family-ledgers';
import { costCsv, costJson, costText, differenceText } from '@shared/cost/export';
import type { GroupLevel } from '@shared/cost/grouping';
import { mapAssumption, USUAL_COST_MAP } from '@shared/cost/kernel-ledger';
import type { Ledger } from '@shared/cost/ledger';
import type { Pair } from '@shared/model/spec';
import { kernelsOf, mapFrom, type KernelOptions, type OpenedKernels } from '../kernels';
import { print, printJson, remark } from '../verb';

export interface KernelCostOptions extends KernelOptions {
  readonly forms: 'train' | 'merged' | 'both';
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly by?: GroupLevel;
}

/** Prints the ledger of a file's merged layers; false where its network is known, or it has none. `refused` are options that say something about networks. */
export async function costOfKernels(
  target: string,
  options: KernelCostOptions,
  convention: Convention,
  refused: readonly string[],
): Promise<boolean> {
  const found = await kernelsOf(target, options, { given: refused, done: 'merged layers are counted' });
  if (found === null) return false;
  const map = mapFrom(options) ?? USUAL_COST_MAP;
  const ledgers = ledgersOf(found, map, convention, options);
  if (options.json) printJson({ ...costJson(ledgers), map, assumed: mapAssumption(map) });
  else if (options.csv) print(costCsv(ledgers).trimEnd());
  else printLedgers(found.fileName, map, ledgers, options);
  return true;
}

/** The forms asked for. Throws UserError, giving the reason, where only a training form is wanted that recipes do not tell. */
function ledgersOf(found: OpenedKernels, map: Pair, convention: Convention, { forms }: KernelCostOptions): Ledger[] {
  const { train, merged, reason } = familyLedgers(found, map, convention);
  if (forms === 'merged') return [merged];
  if (train !== null) return forms === 'train' ? [train] : [train, merged];
  if (forms === 'train') throw new UserError(`${found.fileName}: ${reason}; --form merged counts its merged layers`);
  remark(`training form not counted: ${reason}`);
  return [merged];
}

function printLedgers(fileName: string, map: Pair, ledgers: readonly Ledger[], { by }: KernelCostOptions): void {
  for (const ledger of ledgers) {
    const what = ledger.form === 'merged' ? 'merged layers' : 'branches in training form';
    print(`${fileName}, ${what}, each on a map of ${map.join('x')}`, costText(ledger, by), '');
  }
  const [train, merged] = ledgers;
  if (merged !== undefined) print('what merging changes', differenceText(train, merged, by));
}
