// repmlp demo: the main job from start to end on the embedded data, without a window: train, merge,
// verify, count, draw, report. Everything lands in one run folder.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { costText } from '@shared/cost/export';
import { ledger } from '@shared/cost/ledger';
import { parseDatasetReference } from '@shared/dataset/reference';
import { mergedSpec } from '@shared/model/merged-spec';
import { mergeNetwork, type WeightedNetwork } from '@shared/merge/merge-network';
import type { VerifyReport } from '@shared/merge/report';
import { seededInput } from '@shared/proof/seeded-inputs';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { withOverrides } from '@shared/training/recipe/overrides';
import { recipe } from '@shared/training/recipe/recipes';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import type { Engine } from '@shared/compute/engine';
import { pathInside } from '../../files/inside';
import { runCheckpoint, type RunWriter } from '../../runs';
import { writeDemoFigures } from './figures';
import { demoReport } from './report';
import { withEngine } from '../engine';
import { readNetwork } from '../network';
import { startRun, trainInTerminal, type RunStart } from '../train/train';
import { print, remark, type Verb } from '../verb';
import { printReport } from '../verify/verify';

const MODEL = 'pure-mlp-small';
const DATA = 'shapes:train=4000,validation=1000';
const SEED = 1;

export const demoVerb: Verb = (program, setExit) => {
  program
    .command('demo')
    .description('the whole story on built-in data: train, merge, verify, cost, figures, report')
    .option('--out <folder>', 'run folder; a new one below runs/ when not given')
    .option('--epochs <n>', 'number of epochs', '5')
    .action(async ({ out, epochs }: { out?: string; epochs: string }) => {
      const folder = resolve(out ?? freeFolder());
      const { equivalent } = await withEngine((engine) => runDemo(engine, folder, epochs));
      setExit(equivalent ? 0 : 1);
    });
};

/** `runs/demo`, or the first free `runs/demo-2`, ... */
function freeFolder(): string {
  for (let n = 1; ; n++) {
    const folder = join('runs', n === 1 ? 'demo' : `demo-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

async function runDemo(engine: Engine, folder: string, epochs: string): Promise<VerifyReport> {
  const config: TrainingConfig = {
    spec: buildModel(MODEL),
    dataset: parseDatasetReference(DATA),
    recipe: withOverrides(recipe('shapes-short'), [`epochs=${epochs}`]),
    seed: seed(SEED),
    backend: 'auto',
  };
  const start = await startRun(folder, config);
  try {
    return await trainAndShow(engine, start);
  } finally {
    await start.writer.release();
  }
}

async function trainAndShow(engine: Engine, start: RunStart): Promise<VerifyReport> {
  const { writer } = start;
  const { folder } = writer;
  heading(`1. Train ${MODEL} on ${DATA}, seed ${SEED}`);
  const state = await trainInTerminal(engine, start);
  if (state !== 'finished') throw new Error(`the training ended as ${state}; its run folder is ${folder}`);
  const { train, merged } = await mergeRun(writer);
  heading('3. Verify, layer by layer');
  const report = await verifyForms(engine, train, merged);
  await writeFile(await pathInside(folder, 'verify.json'), `${JSON.stringify(report, null, 2)}\n`);
  printReport(report);
  printCost(train);
  await writeResults(folder, writer, report, train);
  print(
    '',
    `${report.equivalent ? 'equivalent' : 'NOT equivalent'}: max abs ${report.maxAbs.toExponential(2)}, relative ${report.maxRel.toExponential(2)}, tolerance ${report.tolerance.toExponential(1)}`,
  );
  return report;
}

async function mergeRun(writer: RunWriter): Promise<{ train: WeightedNetwork; merged: WeightedNetwork }> {
  heading('2. Merge the conv branches into FC3');
  const checkpoint = await runCheckpoint(writer.folder, 'last');
  const train = await readNetwork(checkpoint.path, {});
  const start = performance.now();
  const merged = mergeNetwork(train.spec, train.weights, { onProgress: ({ layer, done, total }) => remark(`  ${done}/${total} ${layer}`) });
  const milliseconds = performance.now() - start;
  const file = await writer.saveMerged(checkpoint.epoch, merged.spec, merged.weights);
  print(`${relative('.', file)}: ${merged.weights.size} tensors instead of ${train.weights.size}, merged in ${milliseconds.toFixed(0)} ms`);
  return { train, merged };
}

function verifyForms(engine: Engine, train: WeightedNetwork, merged: WeightedNetwork): Promise<VerifyReport> {
  return engine.verify({
    train,
    merged,
    input: seededInput(train.spec, 8, seed(SEED)),
    inputSource: 'standard normal',
    inputSeed: SEED,
    backend: 'auto',
  });
}

function printCost({ spec }: WeightedNetwork): void {
  heading('4. What it costs, per layer');
  print(`train form\n${costText(ledger(spec))}`, '', `merged form\n${costText(ledger(mergedSpec(spec)))}`);
}

async function writeResults(folder: string, writer: RunWriter, report: VerifyReport, train: WeightedNetwork): Promise<void> {
  heading('5. Figures and report');
  const figures = await writeDemoFigures(folder, train.spec);
  figures.forEach(({ files }) => print(files.map((file) => `  ${relative('.', file)}`)));
  const path = await pathInside(folder, 'report.html');
  await writeFile(path, demoReport(writer.record, report, figures));
  print(`  ${relative('.', path)}  (open it in a browser)`);
}

function heading(text: string): void {
  print('', text);
}
