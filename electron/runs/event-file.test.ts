import { appendFile, mkdtemp, readdir, readFile, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import type { TrainingConfig } from '@shared/training/recipe/recipe';
import { recipe } from '@shared/training/recipe/recipes';
import { RunWriter } from './';
import { floatTensor } from '@shared/tensor/tensor';

/** A file without a single tensor is no checkpoint. */
const HELD = new Map([['value', floatTensor([1], new Float32Array([1]))]]);

const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(1),
  backend: 'cpu',
};

const step = (epoch: number, number: number, loss: number): EngineTrainingEvent => ({
  type: 'step',
  epoch,
  step: number,
  stepsPerEpoch: 10,
  loss,
  metric: 0.5,
  learningRate: 0.1,
  imagesPerSecond: 100,
  secondsPerStep: 0.25,
  secondsLeft: 1,
  tensors: 1,
  bytes: 4,
});
const pair = { loss: 0.75, metric: 0.5 };
const epoch = (number: number): EngineTrainingEvent => ({
  type: 'epoch',
  epoch: number,
  train: pair,
  validation: pair,
  learningRate: 0.1,
  seconds: 2,
});
const norms = (number: number): EngineTrainingEvent => ({
  type: 'norms',
  epoch: number,
  parameters: [{ name: 'fc.weight', weight: number, gradient: 0.5 }],
});
const weights = (epochs: number): EngineTrainingEvent => ({
  type: 'weights',
  epoch: epochs,
  step: 0,
  best: false,
  point: { epoch: epochs, weights: HELD, state: HELD },
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-run-'));
});

async function eventFile(): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.includes('tfevents'));
  expect(files).toHaveLength(1);
  return join(folder, files[0]);
}

async function accept(writer: RunWriter, events: readonly EngineTrainingEvent[]): Promise<void> {
  for (const event of events) await writer.accept(event);
}

/** Fields of a protocol buffer message: number -> contents in order, 8 or 4 raw bytes or the bytes of a text or message. */
function fieldsOf(message: Buffer): Map<number, (Buffer | number)[]> {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (; message[at] >= 128; at++, scale *= 128) value += (message[at] - 128) * scale;
    return value + message[at++] * scale;
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = varint();
    const content = [varint, () => take(8), () => take(varint()), undefined, undefined, () => take(4)][key % 8];
    if (content === undefined) throw new Error(`wire type ${key % 8} at byte ${at}`);
    const field = Math.floor(key / 8);
    fields.set(field, [...(fields.get(field) ?? []), content()]);
  }
  return fields;
}

/** Every scalar of an event file as `tag@step=value`, by the published record and message layouts. */
function scalarsOf(file: Buffer): string[] {
  const scalars: string[] = [];
  for (let at = 0; at < file.length; at += 16 + Number(file.readBigUInt64LE(at))) {
    const event = fieldsOf(file.subarray(at + 12, at + 12 + Number(file.readBigUInt64LE(at))));
    const summary = event.get(5)?.[0] as Buffer | undefined;
    for (const value of summary ? (fieldsOf(summary).get(1) ?? []) : []) {
      const fields = fieldsOf(value as Buffer);
      scalars.push(`${fields.get(1)?.[0]}@${event.get(2)?.[0] as number}=${(fields.get(2)?.[0] as Buffer).readFloatLE()}`);
    }
  }
  return scalars;
}

const losses = (scalars: readonly string[]): string[] => scalars.filter((text) => /loss@/.test(text));

it('a run writes its metrics as TensorBoard events beside metrics.csv', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await accept(writer, [step(1, 5, 2.5), step(1, 10, 1.5), epoch(1)]);
  expect(losses(scalarsOf(await readFile(await eventFile())))).toEqual([
    'train/loss@5=2.5',
    'train/loss@10=1.5',
    'epoch/train loss@1=0.75',
    'epoch/validation loss@1=0.75',
  ]);
});

it('a resumed run cuts its events off where it goes on, and adds what a kill kept from being written', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await accept(writer, [step(1, 10, 2.5), epoch(1), weights(1), step(2, 5, 9)]);
  const whole = await readFile(await eventFile());
  const goOn = ['train/loss@10=2.5', 'epoch/train loss@1=0.75', 'epoch/validation loss@1=0.75', 'train/loss@15=1.25'];
  await writer.release();
  for (const damage of [
    () => Promise.resolve(),
    async () => appendFile(await eventFile(), whole.subarray(0, 20)),
    // Into the epoch's record.
    async () => truncate(await eventFile(), whole.length / 2),
    async () => truncate(await eventFile(), 3),
  ]) {
    await damage();
    const { writer: resumed } = await RunWriter.resume(folder);
    await resumed.accept(step(2, 5, 1.25));
    expect(losses(scalarsOf(await readFile(await eventFile())))).toEqual(goOn);
    await resumed.release();
  }
});

it('norms stand behind their epoch, once, also when a kill came between the two', async () => {
  const writer = await RunWriter.create(folder, config, 'hash');
  await accept(writer, [epoch(1), norms(1), weights(1), epoch(2)]);
  await writer.release();
  const { writer: resumed } = await RunWriter.resume(folder);
  await accept(resumed, [epoch(2), norms(2)]);
  const said = scalarsOf(await readFile(await eventFile())).filter((text) => /norm|train loss/.test(text));
  const expected = [1, 2].flatMap((n) => [
    `epoch/train loss@${n}=0.75`,
    `weight norm/fc.weight@${n}=${n}`,
    `gradient norm/fc.weight@${n}=0.5`,
  ]);
  expect(said).toEqual(expected);
});
