// One workload on one backend: a training session on random pictures, stepped and timed. Times are taken
// by the clock and, in Node, by the processor time of this process, which foreign load does not lengthen.
import * as tf from '@tensorflow/tfjs-core';
import { createSession } from '../../src-shared/compute/session/create-session';
import type { Batch, TrainingSession } from '../../src-shared/training/loop/session';
import { initialWeights } from '../../src-shared/model/initialise';
import { normalArray, randomFrom, seed } from '../../src-shared/tensor/random';
import type { BackendName } from '../../src-shared/training/recipe/recipe';
import { recipe } from '../../src-shared/training/recipe/recipes';
import type { Workload } from './networks';

const CLASSES = 10;
const LEARNING_RATE = 0.01;

/** Seconds of one step; processor seconds are NaN where the host does not tell them. */
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

/** What a workload's steps showed. */
export interface Measurement {
  readonly batch: number;
  readonly times: readonly StepTime[];
  readonly before: ReturnType<TrainingSession['memory']>;
  readonly after: ReturnType<TrainingSession['memory']>;
  /** Most bytes that tensors held at a time during a step. */
  readonly peakBytes: number;
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

/** A warm-up step, then `steps` timed ones. */
export async function measureTraining(workload: Workload, backend: BackendName, steps: number): Promise<Measurement> {
  const training = startTraining(workload, backend);
  await training.step();
  const before = training.session.memory();
  const times = await stepped(training, steps);
  const after = training.session.memory();
  const peakBytes = await peakDuring(() => training.step());
  training.session.dispose();
  return { batch: workload.batch, times, before, after, peakBytes };
}

function hasState(engine: object): engine is { readonly state: { numBytes: number } } {
  return 'state' in engine;
}

/** The most bytes of tensors alive while `run` runs, by tfjs's own count. */
async function peakDuring(run: () => Promise<unknown>): Promise<number> {
  const engine: object = tf.engine();
  if (!hasState(engine)) throw new Error("tfjs's engine has no count of its bytes as that of 4.22.0 has");
  const { state } = engine;
  let [now, peak] = [state.numBytes, state.numBytes];
  const set = (bytes: number): void => {
    now = bytes;
    peak = Math.max(peak, bytes);
  };
  Object.defineProperty(state, 'numBytes', { get: () => now, set, configurable: true, enumerable: true });
  try {
    await run();
    return peak;
  } finally {
    Object.defineProperty(state, 'numBytes', { value: now, writable: true, configurable: true, enumerable: true });
  }
}

export async function stepped(training: Training, steps: number): Promise<StepTime[]> {
  const times: StepTime[] = [];
  for (let i = 0; i < steps; i++) times.push(await training.step());
  return times;
}

/** Processor seconds of this process so far. */
function processorSeconds(): number {
  const { process } = globalThis as { process?: { cpuUsage?(): { user: number; system: number } } };
  const usage = process?.cpuUsage?.();
  return usage ? (usage.user + usage.system) / 1e6 : NaN;
}

async function timed(run: () => Promise<void>): Promise<StepTime> {
  const [start, before] = [performance.now(), processorSeconds()];
  await run();
  return { wall: (performance.now() - start) / 1000, cpu: processorSeconds() - before };
}
