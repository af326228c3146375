// Threads under stress: `stress [--minutes N] [--load N] [--memory] [--window]` trains the same run again and again on two
// engines at once, evaluates beside it, and compares every byte; with `--load` threads that do nothing but take processors
// away, with `--memory` until WebAssembly's memory is full, with `--window` in pages that are closed amid steps.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { startNodeEngine } from '../electron/workers/node-engine';
import type { Engine } from '../src-shared/compute/engine';
import { evaluatedBy } from '../src-shared/training/evaluation/evaluated';
import { initialWeights } from '../src-shared/model/initialise';
import { floatTensor } from '../src-shared/tensor/tensor';
import { digestOf, Findings, stressConfig } from './stress/findings';
import { closePagesAmidSteps } from './stress/window';

/** Pictures that no memory of 4 GB has room for. */
const TOO_MANY = 30_000;

/** Exit code 1 if anything differed or ended in an error. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '2' },
      load: { type: 'string', default: '2' },
      memory: { type: 'boolean', default: false },
      window: { type: 'boolean', default: false },
    },
  });
  const end = performance.now() + Number(values.minutes) * 60_000;
  const burners = Array.from({ length: Number(values.load) }, () => new Worker('for (;;);', { eval: true }));
  const findings = new Findings();
  try {
    if (values.window) await closePagesAmidSteps(findings, end);
    else await Promise.all([0, 1].map(() => stressEngine(findings, end, values.memory)));
  } finally {
    await Promise.all(burners.map((burner) => burner.terminate()));
  }
  console.log(findings.text());
  process.exitCode = findings.isClean ? 0 : 1;
}

/** One engine, in a thread of its own as the service has it. */
async function stressEngine(findings: Findings, end: number, memory: boolean): Promise<void> {
  const engine = startNodeEngine(new URL('../engine-worker.mjs', import.meta.url));
  try {
    while (performance.now() < end) {
      const training = trainOnce(engine, findings);
      let isDone = false;
      void training.finally(() => (isDone = true));
      if (memory) await fillMemory(engine, findings);
      while (!isDone) await evaluateOnce(engine, findings);
      await training;
    }
  } finally {
    await engine.dispose();
  }
}

async function trainOnce(engine: Engine, findings: Findings): Promise<void> {
  try {
    for await (const event of engine.train({ run: 'stress', config: stressConfig, resume: null })) {
      if (event.type === 'epoch') findings.epochDone();
      if (event.type === 'state' && event.mended) findings.failed(event.message);
      if (event.type === 'weights' && event.epoch === stressConfig.recipe.epochs)
        findings.compare('training', digestOf(event.point.weights));
    }
  } catch (error) {
    findings.failed(String(error));
  }
}

const weights = initialWeights(stressConfig.spec, stressConfig.seed);

async function evaluateOnce(engine: Engine, findings: Findings): Promise<void> {
  const { spec, dataset, backend } = stressConfig;
  try {
    const { report } = await evaluatedBy(engine.evaluate({ spec, weights, dataset, backend, both: true }));
    findings.compare('evaluation', JSON.stringify([report.loss, report.metric, [...report.predictions]]));
  } catch (error) {
    findings.failed(String(error));
  }
}

/** Asks for more than there is: that has to be refused, and nothing else to be touched by it. */
async function fillMemory(engine: Engine, findings: Findings): Promise<void> {
  const { spec, backend } = stressConfig;
  const input = floatTensor([TOO_MANY, 3, 32, 32], new Float32Array(TOO_MANY * 3072));
  const refusal = await engine.forward({ spec, weights, input, backend, layers: false }).catch((error: unknown) => error);
  if (!(refusal instanceof Error && refusal.message.includes('out of memory'))) findings.failed(`memory was not full: ${String(refusal)}`);
}
