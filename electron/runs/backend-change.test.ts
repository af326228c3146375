import { Readable } from 'node:stream';
import { engineOf } from '../../testing/compute/engine-of';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import type { BackendName } from '@shared/training/recipe/recipe';
import type { TrainingEvent } from '@shared/training/recipe/event';
import { testConfig, weightsAt } from '../../testing/training/scripted-engine';
import { readRun } from './read';
import { RunWriter } from './writer';
import { trainIntoRun } from './train';

/** What a training says of its backend, with or without a checkpoint at its end. */
async function backendSaid(writer: RunWriter, backend: BackendName, checkpoint: boolean): Promise<TrainingEvent | undefined> {
  const events: EngineTrainingEvent[] = [{ type: 'backend', backend, reason: '' }, ...(checkpoint ? [weightsAt(1)] : [])];
  const engine = engineOf({ train: () => Readable.from(events) });
  const seen: TrainingEvent[] = [];
  for await (const event of trainIntoRun(engine, 'run', writer, null)) seen.push(event);
  await writer.release();
  return seen.find(({ type }) => type === 'backend');
}

it('only a run with a checkpoint of another backend hears that its weights may differ', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-backend-'));
  const run = join(folder, 'run');
  const first = await RunWriter.create(run, { ...testConfig, backend: 'auto' }, '');
  expect(await backendSaid(first, 'wasm', false)).not.toHaveProperty('change');
  expect(await backendSaid((await RunWriter.resume(run)).writer, 'webgl', true)).not.toHaveProperty('change');
  expect(await backendSaid((await RunWriter.resume(run)).writer, 'webgl', true)).not.toHaveProperty('change');
  expect(await backendSaid((await RunWriter.resume(run)).writer, 'wasm', true)).toMatchObject({
    backend: 'wasm',
    change: expect.stringMatching(/computed on webgl up to its checkpoint and goes on on wasm.*may differ in the last bits/) as string,
  });
  // Said again once the run is over and the words are gone.
  expect((await readRun(run)).backendChanges).toEqual([{ epoch: 1, step: 0, from: 'webgl', to: 'wasm' }]);
  await rm(folder, { recursive: true });
});
