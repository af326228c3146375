// repmlp cost: parameters, multiply-accumulates and bytes of every layer, by formula; beside them, when
// asked for, the published figures and the measured times.
import { existsSync } from 'node:fs';
import { Option } from 'commander';
import type { Convention } from '@shared/cost/convention';
import { costCsv, costJson, costText } from '@shared/cost/export';
import { ledger, type Ledger } from '@shared/cost/ledger';
import { TIMING_METHOD } from '@shared/cost/timing';
import { mergedSpec } from '@shared/merge/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';
import type { NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/user-error';
import { refuseExisting } from '../service/files';
import { writeCostFigure } from './cost-figure';
import { publishedOf, publishedText } from './cost-published';
import { figureFormat } from './figure';
import { measureForms, timesText } from './measure';
import { modelSpec, openNetwork, readNetwork } from './network';
import {
  print,
  printJson,
  remark,
  wholeNumber,
  withBackend,
  withNetworkOptions,
  type BackendOption,
  type NetworkOptions,
  type Verb,
} from './verb';

interface CostOptions extends Omit<NetworkOptions, 'form'>, BackendOption {
  readonly form: 'train' | 'merged' | 'both';
  readonly convention: 'macs' | 'flops';
  readonly bn?: boolean;
  readonly bias?: boolean;
  readonly activation?: boolean;
  readonly published?: boolean;
  readonly measure?: boolean;
  readonly batch: string;
  readonly repetitions: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly out?: string;
  readonly chart: 'bars' | 'icicle';
  readonly force?: boolean;
}

export const costVerb: Verb = (program) => {
  withBackend(
    withNetworkOptions(
      program
        .command('cost')
        .description('ledger of parameters, multiply-accumulates and bytes per layer')
        .argument('<model|file>', 'zoo model, .json description, checkpoint or run folder'),
    ),
  )
    .addOption(new Option('--form <form>', 'which form to count').choices(['train', 'merged', 'both']).default('both'))
    .addOption(
      new Option('--convention <unit>', 'one multiply-accumulate counts 1 (macs) or 2 (flops)').choices(['macs', 'flops']).default('macs'),
    )
    .option('--bn', 'count batch norms too')
    .option('--bias', 'count biases too')
    .option('--activation', 'count activations too')
    .option('--published', 'put the published figures beside the computed ones')
    .option('--measure', 'measure the time of every layer and the GFLOP/s it reaches')
    .option('--batch <n>', 'batch size of the measurement', '1')
    .option('--repetitions <n>', 'measurements per layer', '7')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .option('--out <figure>', 'also draw the ledger as .svg, .pdf or .png')
    .addOption(new Option('--chart <chart>', 'what --out draws').choices(['bars', 'icicle']).default('bars'))
    .option('--force', 'replace an existing figure')
    .action(cost);
};

async function cost(target: string, options: CostOptions): Promise<void> {
  if (options.json && options.csv) throw new UserError('give either --json or --csv, not both');
  if (options.csv && (options.measure || options.published))
    throw new UserError('--csv prints the ledger alone; --measure and --published go with --json or the text table');
  if (options.out !== undefined) {
    figureFormat(options.out);
    await refuseExisting(options.out, { force: options.force ?? false });
  }
  const network = await networkOfTarget(target, options);
  const forms = formsOf(network.spec, options.form);
  const ledgers = forms.map((form) => ledger(form, conventionOf(options)));
  const published = options.published ? publishedOf(network.spec) : null;
  const measured = options.measure ? await measureForms(network, ledgers, measurementOf(options)) : null;
  if (options.json)
    printJson({
      ...costJson(ledgers),
      ...(published && { published }),
      ...(measured && { measured: { method: TIMING_METHOD, forms: measured } }),
    });
  else if (options.csv) print(costCsv(ledgers).trimEnd());
  else print(...ledgers.map(ledgerText), ...(published ? publishedText(published) : []), ...(measured ? timesText(measured) : []));
  if (options.out === undefined) return;
  await writeCostFigure(options.out, {
    spec: network.spec,
    settings: options.set ?? [],
    chart: options.chart,
    force: options.force ?? false,
  });
  remark(options.out);
}

function ledgerText(entry: Ledger): string {
  return `${entry.model}, ${entry.form} form\n${costText(entry)}\n`;
}

function conventionOf({ convention, bn = false, bias = false, activation = false }: CostOptions): Convention {
  return { unit: convention, batchNorm: bn, bias, activation };
}

function measurementOf({ batch, repetitions, backend }: CostOptions) {
  return { batch: wholeNumber('--batch', batch, 1), repetitions: wholeNumber('--repetitions', repetitions, 1), backend };
}

/** A zoo name or description file, else a checkpoint whose network is recognised; its weights only if they are to be run. */
async function networkOfTarget(target: string, options: CostOptions): Promise<{ spec: NetworkSpec; weights: NamedTensors | null }> {
  if (target.endsWith('.json') || !(existsSync(target) || isFileName(target)))
    return { spec: await modelSpec(target, options.set), weights: null };
  const named = { ...options, form: undefined };
  if (options.measure) return readNetwork(target, named);
  const { spec, file } = await openNetwork(target, named);
  await file.close();
  return { spec, weights: null };
}

/** Whether a text can only mean a file: no model's name has a folder or a checkpoint's ending in it. */
function isFileName(target: string): boolean {
  return /[\\/]|\.(pth|pt|safetensors|npz)$/.test(target);
}

/** A file in merged form has no train form to count, its branches are gone. Throws UserError if that is asked for. */
function formsOf(spec: NetworkSpec, form: CostOptions['form']): NetworkSpec[] {
  if (spec.form === 'merged' && form === 'train')
    throw new UserError(`this ${spec.name} is in merged form: its branches are gone and cannot be counted; leave out --form train`);
  if (spec.form === 'merged') return [spec];
  const merged = mergedSpec(spec);
  return form === 'both' ? [spec, merged] : form === 'train' ? [spec] : [merged];
}
