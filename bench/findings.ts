// The paper's findings on the embedded data: networks with and without what the paper adds, trained from
// matched seeds, beside the paper's numbers. A finding that does not reproduce is said not to.
// npm run bench -- findings [--seeds N] [--quick] [--only shapes,faces,...] [--models NAME,...] [--backend wasm]
import { parseArgs } from 'node:util';
import { ledger } from '../src-shared/cost/ledger';
import type { Engine } from '../src-shared/engine/engine';
import { mergedSpec } from '../src-shared/merge/merged-spec';
import { buildModel } from '../src-shared/model/zoo/index';
import type { BackendChoice } from '../src-shared/training/recipe';
import { differenceOf, judge, meanText, verdictText } from './findings/judge';
import { STUDIES, type Size, type Study } from './findings/studies';
import { findingsEngine, metricOf } from './findings/train';

interface Options {
  readonly seeds: number;
  readonly quick: boolean;
  readonly only: readonly string[];
  readonly models: readonly string[];
  readonly backend: BackendChoice;
}

/** Metric per seed, by network. */
type Results = ReadonlyMap<string, readonly number[]>;

function optionsFrom(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: text, quick: { type: 'boolean' }, only: text, models: text, backend: text },
  });
  return {
    seeds: Number(values.seeds ?? 3),
    quick: values.quick ?? false,
    only: values.only?.split(',') ?? STUDIES.map(({ name }) => name),
    models: values.models?.split(',') ?? [],
    backend: (values.backend ?? 'wasm') as BackendChoice,
  };
}

/** Runs the studies and prints their tables and verdicts. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsFrom(args);
  const engine = findingsEngine();
  const results = new Map<string, Results>();
  for (const study of STUDIES.filter(({ name }) => options.only.includes(name)))
    results.set(study.name, await runStudy(engine, study, options));
  const [aligned, unaligned] = [results.get('faces'), results.get('faces-unaligned')];
  if (aligned && unaligned) printAlignment(aligned, unaligned);
  await engine.dispose();
}

async function runStudy(engine: Engine, study: Study, options: Options): Promise<Results> {
  const size = options.quick ? study.quick : study.full;
  const models = study.models.filter((model) => options.models.length === 0 || options.models.includes(model));
  console.log(
    `\n${study.name}: ${size.train} samples, ${size.epochs} epochs, ${study.recipe}, ${options.seeds} seeds; ${study.metric} in %`,
  );
  const results = new Map<string, number[]>();
  for (const model of models) {
    const values = await metricsOf(engine, study, model, size, options);
    results.set(model, values);
    console.log(`  ${model.padEnd(26)} ${meanText(values)}   ${costText(model)}`);
  }
  for (const { better, worse, paper } of study.claims) {
    const [a, b] = [results.get(better), results.get(worse)];
    if (a && b) console.log(`  ${better} over ${worse}: ${verdictText(differenceOf(a, b))}\n    the paper: ${paper}`);
  }
  return results;
}

async function metricsOf(engine: Engine, study: Study, model: string, size: Size, { seeds, backend }: Options): Promise<number[]> {
  const values: number[] = [];
  for (let number = 1; number <= seeds; number++) {
    values.push(100 * (await metricOf(engine, study, model, size, number, backend)));
    console.error(`  ${study.name}, ${model}, seed ${number}: ${values[number - 1].toFixed(2)}`);
  }
  return values;
}

function costText(model: string): string {
  const spec = buildModel(model);
  const [train, merged] = [ledger(spec), ledger(mergedSpec(spec))];
  const millions = (macs: number): string => (macs / 1e6).toFixed(2);
  return `${millions(train.macs)} M MACs in training, ${millions(merged.macs)} M merged; ${millions(merged.params)} M parameters merged`;
}

/** Whether RepMLP's lead over the conv-only face network shrinks where the faces are not aligned. */
function printAlignment(aligned: Results, unaligned: Results): void {
  const lead = (results: Results): number[] => differenceOf(results.get('repmlp-facenet-small') ?? [], results.get('facenet-small') ?? []);
  const lost = differenceOf(lead(aligned), lead(unaligned));
  console.log(`\nlead lost without alignment: ${meanText(lost)} points: ${judge(lost)}`);
  console.log('  the paper argues that aligned parts are why position helps; it has no number for unaligned faces');
}
