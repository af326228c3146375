// repmlp cost: parameters, multiply-accumulates and bytes of every layer, by formula; beside them, when
// asked for, the published figures and the measured times.
import { existsSync } from 'node:fs';
import { Option } from 'commander';
import type { Convention } from '@shared/cost/convention';
import { costCsv, costJson, costText, differenceText } from '@shared/cost/export';
import { GROUP_LEVELS, type GroupLevel } from '@shared/cost/grouping';
import { ledger, type Ledger } from '@shared/cost/ledger';
import { TIMING_METHOD } from '@shared/cost/timing';
import type { NetworkSpec } from '@shared/model/spec';
import { shapeText, type NamedTensors } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { countedForms } from '@shared/cost/forms';
import { bundledName } from '../../app/checkpoint/weights-file';
import { refuseExisting } from '../../files';
import { costOfRuns } from './runs';
import { drawInto, figureFormat } from '../figure/written';
import { withKernels, type KernelOptions } from '../kernels';
import { costOfKernels } from './kernels';
import { measureForms, timesText } from './measure';
import { remarkAssumedSize } from '../input-size';
import { describedSpec, hasAssumedSize, modelSpec, openNetwork, readNetwork } from '../network';
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
  settingsFrom,
} from '../verb';
import { dirname } from 'node:path';
import type { CostBarsRecipe } from '@shared/figure/kinds/cost-bars';
import { RECIPE_FORMAT } from '@shared/figure/recipe';
import type { FigureRecipe } from '@shared/figure/registry';
import { buildModel, zoo, type SettingTexts } from '@shared/model/zoo';
import { signedFixed } from '@shared/base/number-text';
import { comparePublished, publishedRowsOf, type PublishedComparison } from '@shared/cost/published/compare-published';
import { mergedSpec } from '@shared/model/merged-spec';

interface CostOptions extends Omit<KernelOptions, 'form'>, BackendOption {
  readonly form: 'train' | 'merged' | 'both';
  readonly convention: 'macs' | 'flops';
  readonly bn?: boolean;
  readonly bias?: boolean;
  readonly activation?: boolean;
  readonly published?: boolean;
  readonly runs?: readonly string[];
  readonly measure?: boolean;
  readonly batch?: string;
  readonly repetitions?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly by?: GroupLevel;
  readonly out?: string;
  readonly chart?: 'bars' | 'icicle';
  readonly metric?: 'macs' | 'params' | 'bytes';
  readonly force?: boolean;
}

export const costVerb: Verb = (program) => {
  withBackend(
    withKernels(
      withNetworkOptions(
        program
          .command('cost')
          .description('ledger of parameters, multiply-accumulates and bytes per layer')
          .argument('[model|file]', 'zoo model, .json description, checkpoint or run folder; none for a --block of its own'),
      ),
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
    .option('--batch <n,...>', 'batch sizes of the measurement (default 1)')
    .option('--repetitions <n>', 'measurements per layer (default 7)')
    .option('--runs <folder...>', 'instead of a network: accuracy against cost of run folders')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .addOption(
      new Option('--by <level>', 'sum the table, and the bars of --out, over these; every operation when not given').choices(GROUP_LEVELS),
    )
    .option('--out <figure>', 'also draw the ledger as .svg, .pdf or .png')
    .addOption(new Option('--chart <chart>', 'what --out draws (default bars)').choices(['bars', 'icicle']))
    .addOption(
      new Option('--metric <metric>', 'what --out shows: work in the chosen convention (default), parameters or bytes moved').choices([
        'macs',
        'params',
        'bytes',
      ]),
    )
    .option('--force', 'replace an existing figure')
    .action(cost);
};

async function cost(target: string | undefined, options: CostOptions): Promise<void> {
  await checkOptions(options);
  if (options.runs) return costOfRuns(options.runs, conventionOf(options), runsOptions(target, options));
  if (
    target !== undefined &&
    isFile(target) &&
    (await costOfKernels(target, { ...options, form: undefined, forms: options.form }, conventionOf(options), saidOfNetworks(options)))
  )
    return;
  const network = target === undefined ? await describedNetwork(options) : await networkOfTarget(target, options);
  const forms = countedForms(network.spec, options.form);
  if (network.sizeAssumed) remarkAssumedSize(network.spec);
  const ledgers = forms.map((form) => ledger(form, conventionOf(options)));
  const published = options.published ? publishedOf(network.spec) : null;
  const measured = options.measure
    ? await measureForms({ spec: network.spec, weights: network.weights, forms, ...measurementOf(options) }, ledgers)
    : null;
  if (options.out !== undefined) await drawLedger(options.out, network.spec, options);
  if (options.json)
    printJson({
      ...costJson(ledgers),
      ...(published && { published }),
      ...(measured && { measured: { method: TIMING_METHOD, forms: measured } }),
    });
  else if (options.csv) print(costCsv(ledgers).trimEnd());
  else print(ledgerTexts(ledgers, options.by), published ? publishedText(published) : [], measured ? timesText(measured) : []);
}

/** Options that say nothing about merged layers without a network. */
function saidOfNetworks({ measure, published, out }: CostOptions): string[] {
  const given = [measure && '--measure', published && '--published', out !== undefined && '--out'];
  return given.filter((name) => typeof name === 'string');
}

/** Runs are points, not ledgers. Throws UserError for what says something about a ledger. */
function runsOptions(target: string | undefined, options: CostOptions): Pick<CostOptions, 'json' | 'csv' | 'out' | 'force'> {
  const { by, chart, metric, measure, published, model, block, inputSize } = options;
  if (target !== undefined || [by, chart, metric, measure, published, model, block, inputSize].some((option) => option !== undefined))
    throw new UserError('--runs stands alone, with --convention, --bn, --bias, --activation, --json, --csv and --out');
  return options;
}

/** Refuses what contradicts itself or would be ignored, before anything is counted. */
async function checkOptions(options: CostOptions): Promise<void> {
  const { json, csv, measure, published, batch, repetitions, out, chart, metric, force = false } = options;
  if (json && csv) throw new UserError('give either --json or --csv, not both');
  if (csv && (measure || published))
    throw new UserError('--csv prints the ledger alone; --measure and --published go with --json or the text table');
  if (!measure && (batch !== undefined || repetitions !== undefined))
    throw new UserError('--batch and --repetitions go with --measure; counts are for one image');
  if (out === undefined && (chart !== undefined || metric !== undefined))
    throw new UserError('--chart and --metric say what --out draws; give --out FIGURE too');
  if (out === undefined) return;
  figureFormat(out);
  await refuseExisting(out, { force });
}

async function drawLedger(out: string, spec: NetworkSpec, options: CostOptions): Promise<void> {
  const { set = [], chart = 'bars', metric = 'macs', form, by, force = false } = options;
  await writeCostFigure(out, spec, { settings: set, convention: conventionOf(options), chart, metric, form, level: by, force });
  remark(out);
}

/** A table per form, and what merging changes where both forms are counted. */
function ledgerTexts(ledgers: readonly Ledger[], level?: GroupLevel): string[] {
  const tables = ledgers.map((one) => `${one.model}, ${one.form} form, input ${shapeText(one.input)}\n${costText(one, level)}\n`);
  const [train, merged] = ledgers;
  return merged ? [...tables, `what merging changes, merged minus train\n${differenceText(train, merged, level)}\n`] : tables;
}

function conventionOf({ convention, bn = false, bias = false, activation = false }: CostOptions): Convention {
  return { unit: convention, batchNorm: bn, bias, activation };
}

function measurementOf({ batch = '1', repetitions = '7', backend }: CostOptions) {
  return {
    batches: batch.split(',').map((one) => wholeNumber('--batch', one, 1)),
    repetitions: wholeNumber('--repetitions', repetitions, 1),
    backend,
  };
}

/** A network to count; without weights where only its description is given, or none are needed. */
interface CountedNetwork {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors | null;
  /** Nothing but a default says how large its inputs are. */
  readonly sizeAssumed?: boolean;
}

/** The network named by options alone. Throws UserError where they name none. */
async function describedNetwork(options: CostOptions): Promise<CountedNetwork> {
  const spec = await describedSpec({ ...options, form: undefined });
  if (!spec)
    throw new UserError('say what to count: repmlp cost MODEL, repmlp cost FILE, or repmlp cost --block FAMILY --config FILE.json');
  return { spec, weights: null };
}

/** A zoo name or description file, else a checkpoint whose network is named or recognised; its weights only if they are to be run. */
async function networkOfTarget(target: string, options: CostOptions): Promise<CountedNetwork> {
  if (!isFile(target)) return describedAlone(target, options);
  const named = { ...options, form: undefined };
  return options.measure ? readNetwork(target, named) : withoutWeights(target, named);
}

async function withoutWeights(target: string, options: NetworkOptions): Promise<CountedNetwork> {
  const { spec, file } = await openNetwork(target, options);
  await file.close();
  return { spec, weights: null, sizeAssumed: hasAssumedSize(file, spec, options) };
}

/** The network of a zoo name or description file. Throws UserError where an option names another one beside it. */
async function describedAlone(target: string, { set, inputSize, model, block, config }: CostOptions): Promise<CountedNetwork> {
  if (model ?? block ?? config)
    throw new UserError(`'${target}' is a model and needs no --model, --block or --config; leave it out to count what they name`);
  return { spec: await modelSpec(target, { set, inputSize }), weights: null };
}

/** Whether a target is a file of weights, or a run folder. */
function isFile(target: string): boolean {
  return !target.endsWith('.json') && (existsSync(target) || isFileName(target));
}

/** Whether a text can only mean a file: no model's name has a folder or a checkpoint's ending in it, or is `bundled:`. */
function isFileName(target: string): boolean {
  return bundledName(target) !== null || /[\\/]|\.(pth|pt|ckpt|bin|tar|safetensors|npz|npy)$/i.test(target);
}

interface CostFigureOptions extends Pick<CostBarsRecipe, 'metric' | 'convention' | 'form' | 'level' | 'chart'> {
  readonly settings: readonly string[];
  readonly force: boolean;
}

/** Writes the bars or the icicle of a network's cost, in the convention and of the forms asked for. */
async function writeCostFigure(out: string, spec: NetworkSpec, { settings, force, ...what }: CostFigureOptions): Promise<void> {
  const set = settingsFrom(settings);
  const layout = { widthMm: 170, fontPt: 8, title: null };
  const network = isBuiltBy(spec, set) ? { model: spec.name, set } : { network: spec };
  const recipe: FigureRecipe = { ...RECIPE_FORMAT, layout, kind: 'cost-bars', ...network, ...what };
  await drawInto(out, recipe, dirname(out), { force });
}

/** Where no zoo entry builds a network, a recipe holds its description, so that it can be drawn again. */
function isBuiltBy(spec: NetworkSpec, set: SettingTexts): boolean {
  return zoo.some(({ name }) => name === spec.name) && JSON.stringify(buildModel(spec.name, set)) === JSON.stringify(spec);
}

/** A published row with its figures compared. */
interface PublishedTable {
  readonly title: string;
  readonly source: string;
  readonly top1: number | null;
  readonly figures: readonly PublishedComparison[];
}

/** Every published row about this network, counted in the papers' convention. */
function publishedOf(spec: NetworkSpec): PublishedTable[] {
  if (spec.form === 'merged') return [];
  const ledgers = { train: ledger(spec), merged: ledger(mergedSpec(spec)) };
  return publishedRowsOf(spec).map((row) => ({
    title: row.title,
    source: row.source,
    top1: row.top1,
    figures: comparePublished(row, ledgers),
  }));
}

/** The rows as lines for a terminal. */
function publishedText(tables: readonly PublishedTable[]): string[] {
  if (tables.length === 0) return ['published: nothing about this network in train form with these settings', ''];
  return [...tables.flatMap(({ title, source, figures }) => [`published: ${title} (${source})`, ...figures.map(figureText)]), ''];
}

function figureText({ quantity, form, published, computed, difference, explanation }: PublishedComparison): string {
  const change = `${signedFixed(100 * difference, 2)} %`;
  return `  ${quantity}, ${form} form: printed ${published}, computed ${computed.toLocaleString('en-US')} (${change}): ${explanation}`;
}
