// Training in a window's engine on a data set in a folder: the window has no files, the service reads them.
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleOptions } from '../../electron/launcher/build.mjs';
import { putCifar10 } from '../../testing/datasets/tiny-datasets';
import { readMetrics, readRun } from '../../electron/runs';
import { buildModel } from '../../src-shared/model/zoo';
import { seed } from '../../src-shared/tensor/random';
import type { TrainingConfig } from '../../src-shared/training/recipe/recipe';
import { recipe } from '../../src-shared/training/recipe/recipes';
import type { StudioHost } from './studio-host';
import { withStudio } from './studio-in-tests';

let folder: string;
let host: StudioHost;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-cifar-'));
  await putCifar10(folder, 4);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

withStudio(
  async (studio) => {
    ({ host, page } = studio);
    const contents = "import { connectStudio } from '@shared/link/connect'; globalThis.studio = connectStudio(window);";
    const options = { ...bundleOptions(), sourcemap: false, platform: 'browser', format: 'iife', write: false } as const;
    const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: folder }, outdir: 'unwritten' });
    await page.evaluate(outputFiles[0].text);
  },
  { hostFlags: ['--engine', 'window'] },
);

/** The smallest network and one epoch, in plain JavaScript: a software GPU would compile shaders for minutes. */
const config = (path: string): TrainingConfig => ({
  spec: buildModel('pure-mlp-small', { width: '4', hidden: '8' }),
  dataset: { kind: 'folder', path },
  recipe: { ...recipe('shapes-short'), epochs: 1, batchSize: 10 },
  seed: seed(1),
  backend: 'cpu',
});

/** Trains in the page's engine; the last event. */
function train(asked: TrainingConfig, name: string): Promise<{ state: string; message: string }> {
  return page.evaluate(
    async ([given, runName]) => {
      const client = await studio;
      const { run } = await client.training.start({ config: given, name: runName });
      let last = { state: '', message: '' };
      for await (const event of await client.training.watch({ run })) if (event.type === 'state') last = event;
      return last;
    },
    [asked, name] as const,
  );
}

test('a window trains on CIFAR-10 in a folder', async () => {
  expect(await train(config(folder), 'cifar')).toMatchObject({ state: 'finished' });
  const run = join(host.runsFolder, 'cifar');
  expect((await readRun(run)).device).toMatch(/computed in a window/);
  if (availableParallelism() > 1) expect((await readRun(run)).device).toContain('Batches are made by a thread of their own');
  const [epoch] = (await readMetrics(run)).filter(({ type }) => type === 'epoch');
  expect(epoch).toMatchObject({ epoch: 1, validation: { loss: expect.any(Number) as number } });
});

test('a window evaluates what it trained in both forms, sample by sample, on pictures that the service reads', async () => {
  const asked = { weights: { kind: 'run', run: 'cifar', checkpoint: 'checkpoints/epoch-0001.safetensors' } } as const;
  const steps = await page.evaluate(
    async (given) => {
      const all = [];
      for await (const step of await (await studio).training.evaluate(given)) all.push(step);
      return all;
    },
    { ...asked, dataset: { kind: 'folder', path: folder }, both: true, view: 'whole' } as const,
  );
  expect(steps.at(-1)).toMatchObject({
    type: 'done',
    place: expect.stringContaining('computed in a window') as string,
    report: { metricName: 'accuracy', samples: 4 },
    both: { agreement: { of: 'samples', compared: 4, different: 0, agrees: true } },
  });
  expect(steps.slice(0, -1)).toEqual([
    { type: 'progress', done: 4, total: 8 },
    { type: 'progress', done: 8, total: 8 },
  ]);
});

test('what is broken in the folder fails the training in one sentence', async () => {
  await rm(join(folder, 'data_batch_3.bin'));
  await rm(join(folder, 'test_batch.bin'));
  const { state, message } = await train(config(folder), 'broken').catch((error: Error) => ({ state: 'failed', message: error.message }));
  expect(state).toBe('failed');
  expect(message).toContain(folder.split('/').at(-1));
});
