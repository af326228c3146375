import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import { METRICS_HEADER } from '@shared/run/metrics';
import { tensorboardLength } from '@shared/run/tensorboard';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { recipe } from '@shared/training/recipe/recipes';
import { readMetrics, readNorms, readRun, RunWriter } from './';
import type { Resumed } from './writer';
import { floatTensor } from '@shared/tensor/tensor';

/** A file without a single tensor is no checkpoint. */
const HELD = new Map([['value', floatTensor([1], new Float32Array([1]))]]);

const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(4),
  seeds: { shuffle: seed(9) },
  backend: 'cpu',
};
const norms = (epoch: number): EngineTrainingEvent => ({
  type: 'norms',
  epoch,
  parameters: [{ name: 'fc.weight', weight: epoch, gradient: 0.5 }],
});
const checkpoint = (epoch: number): EngineTrainingEvent => ({
  type: 'weights',
  epoch,
  step: 0,
  best: false,
  point: { epoch, weights: HELD, state: HELD },
});

/** Goes on with the run of a writer that has ended. */
async function resumed(writer: RunWriter): Promise<Resumed> {
  await writer.release();
  return RunWriter.resume(folder);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-writer-'));
});

it('the three seeds of a run are stored, those that were not named too', async () => {
  await RunWriter.create(folder, config, 'hash');
  expect((await readRun(folder)).config.seeds).toEqual({ init: 4, shuffle: 9, augmentation: 4 });
});

it('checkpoints made amid a long epoch are replaced by the next one, file and record; the run goes on from the last', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  const amid = (step: number): EngineTrainingEvent => ({ ...checkpoint(0), step, interim: true }) as EngineTrainingEvent;
  const files = async (): Promise<string[]> => (await readdir(join(folder, 'checkpoints'))).sort();
  for (const event of [amid(10), amid(20)]) await writer.accept(event);
  expect(await files()).toEqual(['epoch-0000-step-00020.safetensors', 'epoch-0000-step-00020.state.safetensors']);
  const { writer: next, point } = await resumed(writer);
  expect(point).toMatchObject({ epoch: 0 });
  await next.accept(checkpoint(1));
  expect(await files()).toEqual(['epoch-0001.safetensors', 'epoch-0001.state.safetensors']);
  expect((await readRun(folder)).checkpoints.map(({ epoch, step }) => [epoch, step])).toEqual([[1, 0]]);
});

it('norms are kept with the run, and cut off after the checkpoint it goes on from', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  for (const event of [norms(1), checkpoint(1), norms(2)]) await writer.accept(event);
  expect((await readNorms(folder)).map(({ epoch }) => epoch)).toEqual([1, 2]);
  await appendFile(join(folder, 'norms.csv'), '3,fc.wei');
  const { writer: next } = await resumed(writer);
  await next.accept(norms(2));
  expect(await readFile(join(folder, 'norms.csv'), 'utf8')).toBe('epoch,parameter,weight,gradient\n1,fc.weight,1,0.5\n2,fc.weight,2,0.5\n');
});

it('a run of an earlier version, with fewer columns and no norms, is gone on with', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await writer.accept(checkpoint(1));
  const old = ['type,epoch,step,steps_per_epoch,loss,metric,validation_loss,validation_metric,learning_rate,images_per_second,seconds'];
  await writeFile(join(folder, 'metrics.csv'), `${[...old, 'step,1,10,10,2,0.5,,,0.1,64,'].join('\n')}\n`);
  await resumed(writer);
  expect(await readMetrics(folder)).toMatchObject([{ type: 'step', loss: 2 }]);
  expect(await readFile(join(folder, 'metrics.csv'), 'utf8')).toContain(METRICS_HEADER);
  expect(await readNorms(folder)).toEqual([]);
});

it.each([NaN, Infinity])('a run whose validation loss was %d can be read and gone on with', async (loss) => {
  const writer = await RunWriter.create(folder, config, 'hash');
  const validation = { loss, metric: 0.1 };
  await writer.accept({ type: 'epoch', epoch: 1, train: { loss: 2, metric: 0.2 }, validation, learningRate: 1, seconds: 1 });
  await writer.accept(checkpoint(1));
  expect((await readRun(folder)).checkpoints[0].validation).toEqual(validation);
  expect((await resumed(writer)).point).toMatchObject({ epoch: 1 });
  expect(await readMetrics(folder)).toMatchObject([{ type: 'epoch', validation }]);
});

it('a run of an earlier version, with null for a loss that was no number, is read', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await writer.accept({
    type: 'epoch',
    epoch: 1,
    train: { loss: 2, metric: 0.2 },
    validation: { loss: NaN, metric: 0.1 },
    learningRate: 1,
    seconds: 1,
  });
  await writer.accept(checkpoint(1));
  const text = await readFile(join(folder, 'run.json'), 'utf8');
  await writeFile(join(folder, 'run.json'), text.replace('"NaN"', 'null'));
  expect((await readRun(folder)).checkpoints[0].validation).toEqual({ loss: NaN, metric: 0.1 });
});

it('a run whose last checkpoint is missing or cut off is not gone on with, and its folder stays as it was', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await writer.accept(checkpoint(1));
  await writer.accept({ type: 'state', state: 'stopped', message: '' });
  await appendFile(join(folder, 'metrics.csv'), 'step,2,10,10,2,0.5,,,0.1,64,1,,1,1\n');
  const before = await Promise.all(['run.json', 'metrics.csv'].map((name) => readFile(join(folder, name), 'utf8')));
  for (const spoil of [(file: string) => truncate(file, 4), (file: string) => rm(file)]) {
    await spoil(join(folder, 'checkpoints', 'epoch-0001.state.safetensors'));
    await expect(resumed(writer)).rejects.toThrow(/cannot go on from its last checkpoint: .*epoch-0001.state.safetensors/);
    expect(await Promise.all(['run.json', 'metrics.csv'].map((name) => readFile(join(folder, name), 'utf8')))).toEqual(before);
  }
});

it("a file of somebody else's is not written over; what a killed start left is", async () => {
  await writeFile(join(folder, 'metrics.csv'), 'mine\n');
  await expect(RunWriter.create(folder, config, 'hash')).rejects.toThrow('metrics.csv is there already and belongs to no run');
  expect(await readdir(folder)).toEqual(['metrics.csv']);
  await writeFile(join(folder, 'metrics.csv'), `${METRICS_HEADER}\n`);
  await RunWriter.create(folder, config, 'hash');
});

it('a run that failed before its first report can be taken away, and one that has something to show cannot', async () => {
  const run = join(folder, 'run');
  await (await RunWriter.create(run, config, 'hash')).discardUnbegun();
  expect(await readdir(folder)).toEqual([]);
  const writer = await RunWriter.create(run, config, 'hash');
  await writer.accept(checkpoint(1));
  await writer.discardUnbegun();
  expect((await readRun(run)).checkpoints).toHaveLength(1);
});

it('files and folders deleted amid a run come back with their header, and the run goes on', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  const events = (await readdir(folder)).find((name) => name.startsWith('events.out.tfevents')) ?? '';
  await writer.accept(checkpoint(1));
  for (const name of ['metrics.csv', 'norms.csv', events, 'checkpoints']) await rm(join(folder, name), { recursive: true });
  const seen = {
    type: 'epoch',
    epoch: 2,
    train: { loss: 1, metric: 0.5 },
    validation: { loss: 1, metric: 0.5 },
    learningRate: 0.1,
    seconds: 1,
  } as const;
  for (const event of [seen, norms(2), checkpoint(2)]) await writer.accept(event);
  expect(await readMetrics(folder)).toEqual([seen]);
  expect(await readNorms(folder)).toEqual([norms(2)]);
  const { records } = tensorboardLength(new Uint8Array(await readFile(join(folder, events))), 10);
  expect(records).toBe(3);
  expect((await resumed(writer)).point?.epoch).toBe(2);
});

it('a run whose folder is gone, as with its disk, ends with a sentence, and nothing is made in its place', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await rm(folder, { recursive: true });
  await expect(writer.accept(checkpoint(1))).rejects.toThrow(/folder .* does not exist/);
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a clock that is set back between start and resume changes nothing but what the record says of the time', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2040-01-01') });
  try {
    const writer = await RunWriter.create(folder, config, 'hash');
    await writer.accept(checkpoint(1));
    vi.setSystemTime(new Date('2001-01-01'));
    const { writer: again, point } = await resumed(writer);
    await again.accept(checkpoint(2));
    expect([point?.epoch, again.record.createdAt]).toEqual([1, '2040-01-01T00:00:00.000Z']);
    expect((await resumed(again)).point?.epoch).toBe(2);
    expect((await readdir(folder)).filter((name) => name.startsWith('events'))).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
