// repmlp cost: parameters, multiply-accumulates and bytes of every layer, by formula.
import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { ledger, PAPER_CONVENTION } from '@shared/cost/ledger';
import { costCsv, costJson, costText } from '@shared/cost/export';
import { mergedSpec } from '@shared/merge/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';
import { modelSpec, openNetwork } from './network';
import { print, printJson, withNetworkOptions, type NetworkOptions, type Verb } from './verb';

interface CostOptions extends Omit<NetworkOptions, 'form'> {
  readonly form: 'train' | 'merged' | 'both';
  readonly convention: 'macs' | 'flops';
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const costVerb: Verb = (program) => {
  withNetworkOptions(
    program
      .command('cost')
      .description('ledger of parameters, multiply-accumulates and bytes per layer')
      .argument('<model|file>', 'zoo model, .json description, checkpoint or run folder'),
  )
    .addOption(new Option('--form <form>', 'which form to count').choices(['train', 'merged', 'both']).default('both'))
    .addOption(
      new Option('--convention <unit>', 'one multiply-accumulate counts 1 (macs) or 2 (flops)').choices(['macs', 'flops']).default('macs'),
    )
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .action(async (target: string, options: CostOptions) => {
      const spec = await specOfTarget(target, options);
      const ledgers = formsOf(spec, options.form).map((form) => ledger(form, { ...PAPER_CONVENTION, unit: options.convention }));
      if (options.json) printJson(costJson(ledgers));
      else if (options.csv) print(costCsv(ledgers).trimEnd());
      else print(...ledgers.map((entry) => `${entry.model}, ${entry.form} form\n${costText(entry)}\n`));
    });
};

/** A zoo name or description file, else a checkpoint whose network is recognised. */
async function specOfTarget(target: string, options: CostOptions): Promise<NetworkSpec> {
  if (target.endsWith('.json') || !existsSync(target)) return modelSpec(target, options.set);
  const { spec, file } = await openNetwork(target, { ...options, form: undefined });
  await file.close();
  return spec;
}

/** A file in merged form has no train form to count: its branches are gone. */
function formsOf(spec: NetworkSpec, form: CostOptions['form']): NetworkSpec[] {
  if (spec.form === 'merged') return [spec];
  const merged = mergedSpec(spec);
  return form === 'both' ? [spec, merged] : form === 'train' ? [spec] : [merged];
}
