// `npm run lesson-data`: trains the networks whose results lessons 4 and 5 talk about, on the embedded data, and writes the numbers
// into the front matter of those lessons. Invariant: no number of a lesson is typed by hand; data, recipe and seeds stand beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildModel } from '../src-shared/model/zoo';
import { seed } from '../src-shared/tensor/random';
import type { EmbeddedName } from '../src-shared/dataset/dataset';
import { evaluatedBy } from '../src-shared/training/evaluation/evaluated';
import type { Engine } from '../src-shared/compute/engine';
import type { TrainingConfig } from '../src-shared/training/recipe/recipe';
import { recipe } from '../src-shared/training/recipe/recipes';
import { findingsEngine } from './findings/train';

interface Trained {
  /** The name of the number in the lesson. */
  readonly name: string;
  readonly model: string;
  readonly data: EmbeddedName;
}

interface LessonNumbers {
  /** Folder of the lesson. */
  readonly lesson: string;
  readonly recipe: string;
  readonly samples: number;
  readonly validation: number;
  readonly epochs: number;
  readonly seeds: readonly number[];
  readonly networks: readonly Trained[];
}

const LESSONS: readonly LessonNumbers[] = [
  {
    lesson: '04-why-convolutions',
    recipe: 'shapes-short',
    samples: 2000,
    validation: 500,
    epochs: 5,
    seeds: [1, 2, 3, 4, 5],
    networks: [
      { name: 'withLocal', model: 'pure-mlp-small', data: 'shapes' },
      { name: 'withoutLocal', model: 'pure-mlp-small-no-local', data: 'shapes' },
    ],
  },
  {
    lesson: '05-position',
    recipe: 'faces-short',
    samples: 2560,
    validation: 128,
    epochs: 5,
    seeds: [1, 2, 3, 4, 5],
    networks: [
      { name: 'mlpAligned', model: 'repmlp-facenet-small', data: 'faces' },
      { name: 'convAligned', model: 'facenet-small', data: 'faces' },
      { name: 'mlpMoved', model: 'repmlp-facenet-small', data: 'faces-unaligned' },
      { name: 'convMoved', model: 'facenet-small', data: 'faces-unaligned' },
    ],
  },
];

/** Trains and writes; the names of lessons' folders choose among them. */
export async function run(args: readonly string[]): Promise<void> {
  const engine = findingsEngine();
  for (const numbers of LESSONS.filter(({ lesson }) => args.length === 0 || args.includes(lesson))) await measure(engine, numbers);
  await engine.dispose();
}

async function measure(engine: Engine, numbers: LessonNumbers): Promise<void> {
  const values: [string, number][] = [];
  for (const network of numbers.networks) {
    const metrics: number[] = [];
    for (const start of numbers.seeds) {
      metrics.push(await metricOf(engine, numbers, network, start));
      console.log(`${network.model} on ${network.data}, seed ${start}: ${(100 * (metrics.at(-1) ?? 0)).toFixed(1)} %`);
    }
    const mean = metrics.reduce((sum, value) => sum + value, 0) / metrics.length;
    const deviation = Math.sqrt(metrics.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, metrics.length - 1));
    values.push([network.name, percent(mean)], [`${network.name}Spread`, percent(deviation)]);
  }
  const { samples, epochs, seeds, recipe: name } = numbers;
  writeNumbers(numbers.lesson, [...values, ['samples', samples], ['epochs', epochs], ['seeds', seeds.length]], name);
}

const percent = (share: number): number => Math.round(1000 * share) / 10;

async function metricOf(
  engine: Engine,
  { recipe: name, samples, validation, epochs }: LessonNumbers,
  { model, data }: Trained,
  start: number,
): Promise<number> {
  const dataset = { kind: 'embedded', name: data, seed: seed(start), trainCount: samples, validationCount: validation } as const;
  const config: TrainingConfig = {
    spec: buildModel(model),
    dataset,
    recipe: { ...recipe(name), epochs },
    seed: seed(start),
    backend: 'wasm',
  };
  for await (const event of engine.train({ run: `${model}-${data}-${start}`, config, resume: null })) {
    if (event.type === 'state' && event.state === 'failed') throw new Error(`${model}: ${event.message}`);
    if (event.type !== 'weights' || event.epoch < epochs) continue;
    const { report } = await evaluatedBy(engine.evaluate({ spec: config.spec, weights: event.point.weights, dataset, backend: 'wasm' }));
    return report.metric;
  }
  throw new Error(`${model} ended without weights`);
}

/** Puts the numbers in place of those in the lesson's front matter. */
function writeNumbers(lesson: string, values: readonly (readonly [string, number])[], name: string): void {
  const path = fileURLToPath(new URL(`../../assets/lessons/${lesson}/lesson.md`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const data = `data:\n${values.map(([key, value]) => `  ${key}: ${value}\n`).join('')}`;
  const source = `source: "npm run lesson-data (recipe ${name}, WASM backend)"\n`;
  const next = text.replace(/^data:\n(?: {2}.*\n)*/m, data).replace(/^source: .*\n/m, source);
  if (!next.includes(data)) throw new Error(`${path} has no "data:" in its front matter to be filled in`);
  writeFileSync(path, next);
  console.log(`${path}: ${values.map(([key, value]) => `${key} ${value}`).join(', ')}`);
}
