// The paper's findings on the embedded data: networks with and without what the paper adds, trained from
// matched seeds, beside the paper's numbers. A finding that does not reproduce is said not to.
// npm run bench -- findings [--quick] [--seeds N] [--only shapes,faces,streets] [--models NAME,...]
//   [--backend wasm] [--out FILE.json|FILE.csv]
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Engine } from '../src-shared/compute/engine';
import type { BackendChoice } from '../src-shared/training/recipe/recipe';
import { recipe } from '../src-shared/training/recipe/recipes';
import { UserError } from '../src-shared/base/user-error';
import { alignmentText, resultsCsv, resultsJson, studyText, type Outcome, type StudyResult } from './findings/report';
import { STUDIES, type Contestant, type Size, type Study } from './findings/studies';
import { findingsEngine, trial, type Trial } from './findings/train';

interface Options {
  readonly seeds: number;
  readonly quick: boolean;
  /** `faces` stands for both kinds of faces. */
  readonly only: readonly string[];
  readonly models: readonly string[];
  readonly backend: BackendChoice;
  readonly out: string | null;
}

function optionsFrom(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: text, quick: { type: 'boolean' }, only: text, models: text, backend: text, out: text },
  });
  const options: Options = {
    quick: values.quick ?? false,
    seeds: Number(values.seeds ?? (values.quick ? 2 : 3)),
    only: values.only?.split(',') ?? [],
    models: values.models?.split(',') ?? [],
    backend: (values.backend ?? 'wasm') as BackendChoice,
    out: values.out ?? null,
  };
  checkOptions(options);
  return options;
}

/** Mistakes are named before the first training, not after half an hour. */
function checkOptions({ seeds, only, models, out }: Options): void {
  checkNames(
    '--only',
    only,
    STUDIES.map(({ name }) => name),
  );
  checkNames('--models', models, [...new Set(STUDIES.flatMap(({ contestants }) => contestants.map(({ model }) => model)))]);
  if (!Number.isInteger(seeds) || seeds < 1) throw new UserError(`--seeds takes a positive whole number, got ${seeds}`);
  if (out !== null && !/\.(json|csv)$/.test(out)) throw new UserError(`--out takes a file ending in .json or .csv, got ${out}`);
}

function checkNames(option: string, asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UserError(`${option} takes ${known.join(', ')}; got ${unknown}`);
}

function isAsked({ name }: Study, { only }: Options): boolean {
  return only.length === 0 || only.includes(name) || (name === 'faces-unaligned' && only.includes('faces'));
}

/** Runs the studies, prints their tables and verdicts, and writes them to a file if asked to. */
export async function run(args: readonly string[]): Promise<void> {
  const options = optionsFrom(args);
  const start = performance.now();
  const engine = findingsEngine();
  const results: StudyResult[] = [];
  for (const study of STUDIES.filter((candidate) => isAsked(candidate, options))) {
    results.push(await runStudy(engine, study, options));
    console.log(studyText(results[results.length - 1]));
  }
  await engine.dispose();
  console.log(`\n${alignmentText(results)}`);
  console.log(`${((performance.now() - start) / 60_000).toFixed(1)} minutes on ${availableParallelism()} cores, ${options.backend}`);
  if (options.out !== null) writeFileSync(options.out, fileText(options, results));
}

function fileText({ out, quick, seeds, backend }: Options, results: readonly StudyResult[]): string {
  return out?.endsWith('.csv') ? resultsCsv(results) : resultsJson(results, { quick, seeds, backend, cores: availableParallelism() });
}

async function runStudy(engine: Engine, study: Study, options: Options): Promise<StudyResult> {
  const size = options.quick ? study.quick : study.full;
  const { batchSize } = recipe(study.recipe);
  console.log(
    `\n${study.name}: ${study.metric} in %; ${size.train} samples, ${size.epochs} epochs of ${study.recipe}, batch ${batchSize}; ${options.seeds} seeds`,
  );
  const asked = study.contestants.filter(({ model }) => options.models.length === 0 || options.models.includes(model));
  const trials = await trialsOf(engine, study, asked, size, options);
  const outcomes: Outcome[] = asked.map((contestant, i) => ({ ...contestant, trials: trials.map((ofSeed) => ofSeed[i]) }));
  return { study, size, outcomes };
}

/** For each seed a trial of every network; seed by seed, so that whoever watches can compare from the first one on. */
async function trialsOf(engine: Engine, study: Study, asked: readonly Contestant[], size: Size, options: Options): Promise<Trial[][]> {
  const trials: Trial[][] = [];
  for (let number = 1; number <= options.seeds; number++) {
    const ofSeed: Trial[] = [];
    for (const { model } of asked) {
      const done = await trial(engine, study, model, size, number, options.backend);
      console.error(`  ${study.name}, ${model}, seed ${number}: ${done.metric.toFixed(2)} after ${done.seconds.toFixed(0)} s`);
      ofSeed.push(done);
    }
    trials.push(ofSeed);
  }
  return trials;
}
