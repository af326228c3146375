// Time of every leaf on the backend in use: each runs alone on random input of its own shape, after a
// warm-up, repeated until a run is longer than the clock's grain, with the backend's queue waited for.
import * as tf from '@tensorflow/tfjs-core';
import { runLeaf } from '../model/forward/leaf';
import { noiseWeights } from '../model/noise-weights';
import { SHORTEST_STRETCH_MS } from '../cost/timing';
import { leavesOf, type LeafVisit } from '../model/walk';
import { normalArray, randomFrom, seed } from '../tensor/random';
import { yieldToEvents } from '../base/yield-to-events';
import type { BackendName } from '../training/recipe/recipe';
import { useBackend } from './backend/choose';
import type { LayerTiming } from '../cost/timing';
import type { MeasureRequest } from './engine';
import { uploadParameters } from './session/upload';

/** Median time per leaf and the distance between its quartiles; leaves of side heads are left out. Rejects when aborted. */
export async function measureLayers(
  { spec, weights, batch, repetitions }: MeasureRequest,
  backend: BackendName,
  signal?: AbortSignal,
): Promise<LayerTiming[]> {
  useBackend(backend);
  const device = uploadParameters(spec, weights ?? noiseWeights(spec));
  try {
    const timings: LayerTiming[] = [];
    for (const visit of leavesOf(spec)) {
      if (visit.training) continue;
      useBackend(backend);
      const input = randomInput(visit, batch);
      const run = (): tf.Tensor => {
        // Between stretches a training may have made its own backend active.
        useBackend(backend);
        return tf.tidy(() => tf.clone(runLeaf(visit.layer, visit.path, input, { training: false, parameter: device.parameter })));
      };
      try {
        timings.push({ path: visit.path, ...summarise(await stretches(run, repetitions, signal)) });
      } finally {
        input.dispose();
      }
    }
    return timings;
  } finally {
    device.dispose();
  }
}

function randomInput({ input }: LeafVisit, batch: number): tf.Tensor {
  const [C, H, W] = input;
  const shape = input.length === 3 ? [batch, H, W, C] : [batch, C];
  const count = shape.reduce((product, size) => product * size, 1);
  return tf.tensor(normalArray(randomFrom(seed(1)), count, 1), shape);
}

/** Milliseconds per run, `repetitions` times. Between stretches the thread hears whether the measurement goes on. */
async function stretches(run: () => tf.Tensor, repetitions: number, signal?: AbortSignal): Promise<number[]> {
  const timed = async (runs: number): Promise<number> => {
    await yieldToEvents();
    signal?.throwIfAborted();
    return timeRuns(run, runs);
  };
  await timed(1);
  const runs = Math.max(1, Math.ceil(SHORTEST_STRETCH_MS / Math.max(0.01, await timed(1))));
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) times.push(await timed(runs));
  return times;
}

/** Reading one value waits until the backend has computed all that was asked of it. */
async function timeRuns(run: () => tf.Tensor, runs: number): Promise<number> {
  const start = performance.now();
  for (let i = 1; i < runs; i++) run().dispose();
  const last = run();
  const probe = tf.tidy(() => tf.slice(tf.reshape(last, [-1]), 0, 1));
  await probe.data();
  const elapsed = performance.now() - start;
  tf.dispose([last, probe]);
  return elapsed / runs;
}

function summarise(times: number[]): Pick<LayerTiming, 'medianMs' | 'spreadMs'> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { medianMs: at(0.5), spreadMs: at(0.75) - at(0.25) };
}
