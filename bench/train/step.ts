// One workload on one backend: a training session on random pictures, stepped and timed. Times are taken
// by the clock and by the processor time of this process, which foreign load does not lengthen.
import { createSession } from '../../src-shared/engine/create-session';
import type { Batch, TrainingSession } from '../../src-shared/engine/session';
import { initialWeights } from '../../src-shared/model/initialise';
import { normalArray, randomFrom, seed } from '../../src-shared/tensor/random';
import type { BackendName } from '../../src-shared/training/recipe';
import { recipe } from '../../src-shared/training/recipes';
import type { Workload } from './networks';

const CLASSES = 10;
const LEARNING_RATE = 0.01;

/** Seconds of one step. */
export interface StepTime {
  readonly wall: number;
  readonly cpu: number;
}

export interface Training {
  readonly batch: number;
  readonly session: TrainingSession;
  /** One step, its loss read back. */
  step(): Promise<StepTime>;
}

/** Starts a session on an opened backend. SGD with momentum, as the recipe for CIFAR has it. */
export function startTraining({ spec, batch: N }: Workload, backend: BackendName): Training {
  const session = createSession({ spec, weights: initialWeights(spec, seed(1)), recipe: recipe('cifar-paper'), seed: seed(1), backend });
  const { channels, height, width } = spec.input;
  const targets = new Float32Array(N * CLASSES);
  for (let i = 0; i < N; i++) targets[i * CLASSES + (i % CLASSES)] = 1;
  const images = normalArray(randomFrom(seed(2)), N * channels * height * width, 1);
  const batch: Batch = { images, shape: [N, channels, height, width], targets };
  return { batch: N, session, step: () => timed(async () => void (await session.step(batch, LEARNING_RATE).read())) };
}

async function timed(run: () => Promise<void>): Promise<StepTime> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
