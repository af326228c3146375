// What a training step asks of the GPU, held where no GPU is: counts depend on the program alone. `npm run bench -- gpu` shows
// them for every workload.
import { expect, test } from 'vitest';
import { countInWindow } from '../../bench/gpu/count';
import type { CountAnswer, CountRequest } from '../../bench/gpu/worker';

const STEPS = 4;
const request = (backend: CountRequest['backend'], workload: string): CountRequest => ({ backend, workload, batch: 2, steps: STEPS });

/** Draws before batch norms, grouped convolutions and the optimizer had shaders of their own, and how many there are now. */
const WEBGL = [
  { workload: 'pure-mlp-small', before: 2107, now: 514 },
  { workload: 'repmlpnet-t224-unit', before: 772, now: 240 },
];

async function counted(requests: readonly CountRequest[]): Promise<Map<string, NonNullable<CountAnswer['steps']>>> {
  const found = new Map<string, NonNullable<CountAnswer['steps']>>();
  await countInWindow(
    requests,
    ({ workload }, { steps, problem }) => {
      if (!steps) throw new Error(`${workload}: ${problem}`);
      found.set(workload, steps);
    },
    { software: true },
  );
  return found;
}

test('on WebGL a step takes a third of the draws that tfjs alone needs, makes nothing new and reads once', async () => {
  const found = await counted(WEBGL.map(({ workload }) => request('webgl', workload)));
  for (const { workload, before, now } of WEBGL) {
    const steps = found.get(workload) ?? [];
    expect(steps).toHaveLength(STEPS);
    for (const [i, { draws, made, programs, reads, readBytes }] of steps.entries()) {
      if (i > 0) expect(draws, `draws of ${workload}, step ${i + 1}`).toBe(now);
      if (i > 1) expect({ workload, programs, made }).toEqual({ workload, programs: 0, made: 0 });
      expect({ reads, readBytes }).toEqual({ reads: 1, readBytes: 8 });
    }
    expect(now).toBeLessThanOrEqual(before / 3);
  }
});

test('on WebGPU every step after the first has its programs', async () => {
  const steps = (await counted([request('webgpu', 'pure-mlp-small')])).get('pure-mlp-small') ?? [];
  expect(steps).toHaveLength(STEPS);
  expect(new Set(steps.slice(1).map(({ draws }) => draws)).size).toBe(1);
  expect(steps.slice(2).map(({ programs }) => programs)).toEqual([0, 0]);
  expect(steps.map(({ reads }) => reads)).toEqual([1, 1, 1, 1]);
});
