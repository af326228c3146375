// Training speed per backend: images per second, tensors alive before and after, memory, and the ratio to
// PyTorch on the same cores, ours and PyTorch's steps taken in turns.
// npm run bench -- train [--steps N] [--only NAME,...] [--backends wasm,cpu,webgl,webgpu] [--threads N] [--leak STEPS]
// Backends of the window run in a Chromium page; with no --threads, WASM is measured on one thread too.
import { parseArgs } from 'node:util';
import { spawnSync } from 'node:child_process';
import { openBackend } from '../src-shared/compute/backend/choose';
import { configureEngine, wasmFilesIn } from '../src-shared/compute/backend/wasm-files';
import { fileURLToPath } from 'node:url';
import { processorCount } from '../src-shared/compute/processors';
import type { BackendName } from '../src-shared/training/recipe/recipe';
import { workloads, type Workload } from './train/networks';
import { measureTraining, startTraining, stepped, type Measurement, type StepTime } from './train/step';
import { median } from './window/median';
import { FORMULATIONS, pythonWithTorch, torchSteps, unfairness } from './train/torch';
import { measureInWindow, SLOW } from './train/window';

interface Options {
  readonly steps: number;
  readonly only: readonly string[];
  readonly backends: readonly string[];
  /** Threads of the WASM backend in Node; NaN: as many as there are processors. */
  readonly threads: number;
  readonly leak: number;
}

function optionsFrom(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      steps: { type: 'string' },
      only: { type: 'string' },
      backends: { type: 'string' },
      threads: { type: 'string' },
      leak: { type: 'string' },
    },
  });
  const names = (text: string | undefined): string[] => text?.split(',') ?? [];
  return {
    steps: Number(values.steps ?? 5),
    only: names(values.only),
    backends: names(values.backends ?? 'wasm,cpu,webgl,webgpu'),
    threads: Number(values.threads ?? NaN),
    leak: Number(values.leak ?? 0),
  };
}

const rate = (batch: number, times: readonly StepTime[], clock: keyof StepTime): string =>
  (batch / median(times.map((time) => time[clock]))).toFixed(1);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

function describe(workload: Workload, where: string, { batch, times, before, after, peakBytes }: Measurement, process: string): void {
  const size = batch === workload.batch ? `batch ${batch}` : `batch ${batch} instead of ${workload.batch}, ${times.length} step`;
  const perProcessor = Number.isNaN(times[0].cpu) ? '' : `, ${rate(batch, times, 'cpu')} per processor second`;
  const rates = `${rate(batch, times, 'wall')} images/s by the clock${perProcessor}`;
  const memory = `tensors ${before.tensors} -> ${after.tensors}, ${megabytes(after.bytes)} alive, ${megabytes(peakBytes)} at most${process}`;
  console.log(`${workload.name}, ${where}, ${size}: ${rates}; ${memory}`);
}

/** One backend in this process. */
async function measureHere(backend: BackendName, chosen: readonly Workload[], steps: number): Promise<void> {
  const { device } = await openBackend(backend);
  console.log(`${backend}: ${device}`);
  for (const workload of chosen) {
    const slow = backend === 'cpu';
    const measurement = await measureTraining(slow ? { ...workload, batch: SLOW.batch } : workload, backend, slow ? SLOW.steps : steps);
    describe(workload, backend, measurement, `, process so far ${megabytes(process.resourceUsage().maxRSS * 1024)}`);
  }
}

async function measureThere(backends: readonly BackendName[], chosen: readonly Workload[], steps: number): Promise<void> {
  await measureInWindow(backends, chosen, steps, {
    device: (backend, text) => console.log(`${backend} in a window: ${text}`),
    measured: (workload, backend, measurement) => describe(workload, `${backend} in a window`, measurement, ''),
    failed: ({ name }, backend, why) => console.log(`${name}, ${backend} in a window: ${why}`),
  });
}

/** Ours and PyTorch's in turns, on as many threads each, so that both see the same load. */
async function compareWithTorch(python: string, workload: Workload, backend: BackendName, threads: number, steps: number): Promise<void> {
  const training = startTraining(workload, backend);
  await training.step();
  const first = await torchSteps(python, FORMULATIONS[0], threads, workload.batch, 1);
  const unfair = unfairness(first, threads);
  if (unfair !== null) {
    console.log(`${workload.name}: ${unfair}`);
    training.session.dispose();
    return;
  }
  for (const formulation of FORMULATIONS) {
    const ours: StepTime[] = [];
    const theirs: StepTime[] = [];
    let gflops = 0;
    for (let round = 0; round < 3; round++) {
      ours.push(...(await stepped(training, steps)));
      const torch = await torchSteps(python, formulation, threads, workload.batch, steps);
      theirs.push(...torch.times);
      gflops = Math.max(gflops, torch.gflops);
    }
    const ratio = (clock: keyof StepTime): string =>
      (median(theirs.map((time) => time[clock])) / median(ours.map((time) => time[clock]))).toFixed(2);
    const [own, torch] = [ours, theirs].map((times) => `${rate(workload.batch, times, 'wall')} images/s`);
    const both = `${threads} thread${threads > 1 ? 's' : ''} each`;
    const ratios = `ratio ${ratio('wall')} by the clock, ${ratio('cpu')} per processor second`;
    console.log(
      `${workload.name}, ${both}: ${backend} ${own}, PyTorch ${formulation} ${torch} (its matrix product: ${gflops.toFixed(0)} GFLOP/s by ${first.blas}); ${ratios}`,
    );
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
  const { steps, only, backends, leak, threads } = optionsFrom(args);
  const most = Math.min(processorCount(), Number.isNaN(threads) ? Infinity : threads);
  configureEngine({ wasmFiles: wasmFilesIn(fileURLToPath(new URL('../wasm/', import.meta.url))), threads: most });
  const chosen = workloads().filter(({ name }) => only.length === 0 || only.includes(name));
  if (backends.includes('wasm')) await measureWasm(chosen, steps, most);
  if (leak > 0) await checkLeak(workloads()[1], 'wasm', leak);
  if (Number.isNaN(threads) && most > 1 && backends.includes('wasm')) onOneThread(steps, only);
  if (backends.includes('cpu')) await measureHere('cpu', chosen, steps);
  const inWindow = (['wasm', 'webgl', 'webgpu'] as const).filter((name) => backends.includes(name));
  if (Number.isNaN(threads) && inWindow.length > 0) await measureThere(inWindow, chosen, steps);
}

async function measureWasm(chosen: readonly Workload[], steps: number, threads: number): Promise<void> {
  await measureHere('wasm', chosen, steps);
  const [threeStages] = chosen.filter(({ name }) => name === 'three-stages');
  if (!threeStages) return;
  const python = await pythonWithTorch();
  if (!python) console.log('PyTorch: no Python with torch found, nothing to compare with');
  else await compareWithTorch(python, threeStages, 'wasm', threads, steps);
}

/** The same on one thread, in a process of its own: a backend is started once. */
function onOneThread(steps: number, only: readonly string[]): void {
  const launcher = fileURLToPath(new URL('../../electron/launcher/bench.mjs', import.meta.url));
  const which = only.length > 0 ? ['--only', only.join(',')] : [];
  spawnSync(process.execPath, [launcher, 'train', '--backends', 'wasm', '--threads', '1', '--steps', String(steps), ...which], {
    stdio: 'inherit',
  });
}
