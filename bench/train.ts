// Training speed per backend: images per second, tensors alive before and after, memory, and the ratio to
// PyTorch on the same cores, ours and PyTorch's steps taken in turns.
// npm run bench -- train [--steps N] [--only NAME,...] [--backends wasm,cpu] [--leak STEPS]
import { parseArgs } from 'node:util';
import { openBackend, reportBackends } from '../src-shared/engine/backend/choose';
import { configureEngine, wasmFilesIn } from '../src-shared/engine/backend/wasm-files';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '../src-shared/training/recipe';
import { workloads, type Workload } from './train/networks';
import { median, startTraining, type StepTime, type Training } from './train/step';
import { FORMULATIONS, pythonWithTorch, torchSteps } from './train/torch';

/** The plain backend takes minutes for a step of the others. */
const FOR_PLAIN_BACKEND = ['pure-mlp-small'];

interface Options {
  readonly steps: number;
  readonly only: readonly string[];
  readonly backends: readonly string[] | null;
  readonly leak: number;
}

function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { steps: { type: 'string' }, only: { type: 'string' }, backends: { type: 'string' }, leak: { type: 'string' } },
  });
  const names = (text: string | undefined): string[] => text?.split(',') ?? [];
  return {
    steps: Number(values.steps ?? 5),
    only: names(values.only),
    backends: values.backends === undefined ? null : names(values.backends),
    leak: Number(values.leak ?? 0),
  };
}

const rate = (batch: number, times: readonly StepTime[], clock: keyof StepTime): string =>
  (batch / median(times.map((time) => time[clock]))).toFixed(1);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** One workload on one backend: a warm-up step, then `steps` timed ones. */
async function measure(workload: Workload, backend: BackendName, steps: number): Promise<void> {
  const training = startTraining(workload, backend);
  await training.step();
  const before = training.session.memory();
  const times = await stepped(training, steps);
  const after = training.session.memory();
  const { batch } = workload;
  const memory = `tensors ${before.tensors} -> ${after.tensors}, ${megabytes(after.bytes)} alive, process peak ${megabytes(process.resourceUsage().maxRSS * 1024)}`;
  const rates = `${rate(batch, times, 'wall')} images/s by the clock, ${rate(batch, times, 'cpu')} per processor second`;
  console.log(`${workload.name}, ${backend}, batch ${batch}: ${rates}; ${memory}`);
  training.session.dispose();
}

async function stepped(training: Training, steps: number): Promise<StepTime[]> {
  const times: StepTime[] = [];
  for (let i = 0; i < steps; i++) times.push(await training.step());
  return times;
}

/** Ours and PyTorch's in turns, so that both see the same load. */
async function compareWithTorch(python: string, workload: Workload, backend: BackendName, steps: number): Promise<void> {
  const training = startTraining(workload, backend);
  await training.step();
  for (const threads of [1, 2]) {
    for (const formulation of FORMULATIONS) {
      const ours: StepTime[] = [];
      const theirs: StepTime[] = [];
      for (let round = 0; round < 3; round++) {
        ours.push(...(await stepped(training, steps)));
        theirs.push(...(await torchSteps(python, formulation, threads, workload.batch, steps)));
      }
      const ratio = (clock: keyof StepTime): string =>
        (median(theirs.map((time) => time[clock])) / median(ours.map((time) => time[clock]))).toFixed(2);
      const [own, torch] = [ours, theirs].map((times) => `${rate(workload.batch, times, 'wall')} images/s`);
      const formulationText = `PyTorch ${formulation}, ${threads} thread${threads > 1 ? 's' : ''}`;
      const ratios = `ratio ${ratio('wall')} by the clock, ${ratio('cpu')} per processor second`;
      console.log(`${workload.name}: ${backend} ${own}, ${formulationText} ${torch}; ${ratios}`);
    }
  }
  training.session.dispose();
}

/** Many steps of the smallest network: the numbers of tensors and bytes must not grow. */
async function checkLeak(workload: Workload, backend: BackendName, steps: number): Promise<void> {
  const training = startTraining({ ...workload, batch: 8 }, backend);
  await training.step();
  const before = training.session.memory();
  await stepped(training, steps);
  const after = training.session.memory();
  const verdict = before.tensors === after.tensors && before.bytes === after.bytes ? 'no leak' : 'LEAK';
  console.log(
    `${workload.name}, ${backend}, ${steps} steps: ${verdict}, tensors ${before.tensors} -> ${after.tensors}, bytes ${before.bytes} -> ${after.bytes}`,
  );
  training.session.dispose();
}

/** Runs the benchmark. */
export async function run(args: readonly string[]): Promise<void> {
  const { steps, only, backends, leak } = optionsFrom(args);
  configureEngine({ wasmFiles: wasmFilesIn(fileURLToPath(new URL('../wasm/', import.meta.url))) });
  const chosen = workloads().filter(({ name }) => only.length === 0 || only.includes(name));
  for (const { name, available, device, note } of await reportBackends()) {
    if (backends && !backends.includes(name)) continue;
    console.log(`${name}: ${available ? device : note}`);
    if (!available) continue;
    await openBackend(name);
    for (const workload of chosen)
      if (name !== 'cpu' || FOR_PLAIN_BACKEND.includes(workload.name)) await measure(workload, name, name === 'cpu' ? 1 : steps);
  }
  await openBackend('wasm');
  if (leak > 0) await checkLeak(workloads()[1], 'wasm', leak);
  const [threeStages] = chosen.filter(({ name }) => name === 'three-stages');
  const python = await pythonWithTorch();
  if (!python) console.log('PyTorch: no Python with torch found, nothing to compare with');
  else if (threeStages) await compareWithTorch(python, threeStages, 'wasm', steps);
}
