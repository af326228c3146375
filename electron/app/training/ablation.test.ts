import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import type { AblationStatus, AskedVariant } from '@shared/training/ablation';
import { Ablation } from './ablation';
import type { PlacedEngine } from '../engines';
import { RunFolders } from '../../runs/run-folders';
import { readRun } from '../../runs/read';
import { placed, ScriptedEngine, testConfig, trainingsOn, weightsAt } from '../../../testing/training/scripted-engine';
import type { Trainings } from './trainings';

const MODELS = ['pure-mlp-small', 'pure-mlp-small-no-local', 'pure-mlp-small-no-global'];
const asked: readonly AskedVariant[] = MODELS.map((model) => ({ config: { ...testConfig, spec: buildModel(model) }, name: model }));

let folder: string;
/** The engines of the trainings begun so far, one each. */
let engines: ScriptedEngine[];
let trainings: Trainings;
let ablation: Ablation;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-ablation-'));
  engines = [];
  trainings = service();
  ablation = listOf(trainings);
});
afterEach(async () => {
  await ablation.stop();
  if (ablation.isUnderWay()) await statusWhen(hasEnded);
  await rm(folder, { recursive: true, force: true });
});

function service(next?: () => Promise<PlacedEngine>): Trainings {
  return trainingsOn(new RunFolders(folder), newEngine, next);
}

function newEngine(): ScriptedEngine {
  const engine = new ScriptedEngine();
  engines.push(engine);
  return engine;
}

const listOf = (owner: Trainings): Ablation => new Ablation(join(folder, 'ablation.json'), owner);

/** The engine of the `count`th training, once it trains. */
async function engineOf(count: number): Promise<ScriptedEngine> {
  await vi.waitFor(() => expect(engines[count - 1].requests).toHaveLength(1), { timeout: 60_000 });
  return engines[count - 1];
}

/** The first status, from now on, of which `holds` is true. */
async function statusWhen(holds: (status: AblationStatus) => boolean, list = ablation): Promise<AblationStatus> {
  for await (const status of list.watch()) if (status !== null && holds(status)) return status;
  throw new Error('the ablation ended without such a status');
}

const hasEnded = ({ underWay }: AblationStatus): boolean => !underWay;
const states = ({ variants }: AblationStatus): string[] => variants.map(({ state }) => state);

it('trains the variants one after the other though nobody watches, with the same data, recipe and seeds', async () => {
  await ablation.start(asked);
  for (const [index, model] of MODELS.entries()) {
    const engine = await engineOf(index + 1);
    expect(engine.requests[0].config).toMatchObject({ ...testConfig, spec: { name: model } });
    engine.finish();
  }
  const status = await statusWhen(hasEnded);
  expect(status).toEqual({ variants: MODELS.map((model) => ({ model, run: model, state: 'finished' })), underWay: false, ended: '' });
});

it('says which variants are done, under way and to come', async () => {
  await ablation.start(asked);
  (await engineOf(1)).finish();
  await engineOf(2);
  expect(states(await statusWhen(({ variants }) => variants[1].run !== null))).toEqual(['finished', 'training', 'waiting']);
});

it('knows a finished run by its new name when it is renamed while the next one trains', async () => {
  await ablation.start(asked);
  (await engineOf(1)).finish();
  await engineOf(2);
  await statusWhen(({ variants }) => variants[1].run !== null);
  await ablation.follow(MODELS[0], 'kept');
  const named = await statusWhen(({ variants }) => variants[0].run === 'kept');
  expect(states(named)).toEqual(['finished', 'training', 'waiting']);
  const stored: unknown = JSON.parse(await readFile(join(folder, 'ablation.json'), 'utf8'));
  expect(stored).toMatchObject({ variants: [{ run: 'kept' }, { run: MODELS[1] }, { run: null }] });
});

it('outlives the window that computed: the variant goes on on the next engine, and so do those after it', async () => {
  const second = new ScriptedEngine();
  trainings = service(() => Promise.resolve(placed(second)));
  ablation = listOf(trainings);
  await ablation.start(asked);
  const first = await engineOf(1);
  first.events.send(weightsAt(1));
  first.lose();
  await vi.waitFor(() => expect(second.requests[0]).toMatchObject({ run: MODELS[0], resume: { epoch: 1 } }));
  second.finish();
  expect((await engineOf(2)).requests[0].run).toBe(MODELS[1]);
});

it('is stopped with the run under way, and goes on with that run and then with the rest', async () => {
  await ablation.start(asked);
  (await engineOf(1)).finish();
  await engineOf(2);
  await ablation.stop();
  const stopped = await statusWhen(hasEnded);
  expect(states(stopped)).toEqual(['finished', 'stopped', 'waiting']);
  expect(stopped.ended).toBe('Ended with pure-mlp-small-no-local: its run pure-mlp-small-no-local was stopped.');
  expect(engines).toHaveLength(2);
  await ablation.resume();
  const again = await engineOf(3);
  expect(again.requests[0]).toMatchObject({ run: MODELS[1], resume: { epoch: 0 } });
  again.finish();
  (await engineOf(4)).finish();
  expect(states(await statusWhen(hasEnded))).toEqual(['finished', 'finished', 'finished']);
});

it('ends with a variant whose run is stopped by hand or fails', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await ablation.start(asked);
  const engine = await engineOf(1);
  engine.failure = new Error('out of memory');
  engine.events.end();
  const status = await statusWhen(hasEnded);
  expect(states(status)).toEqual(['failed', 'waiting', 'waiting']);
  expect(status.ended).toContain('pure-mlp-small failed');
  expect((await readRun(join(folder, MODELS[0]))).state).toBe('failed');
});

it('is offered again by a service that starts after the first was killed, which goes on where it was', async () => {
  await ablation.start(asked);
  (await engineOf(1)).finish();
  const second = await engineOf(2);
  await statusWhen(({ variants }) => variants[1].run !== null);
  second.events.send(weightsAt(2));
  await vi.waitFor(async () => expect((await readRun(join(folder, MODELS[1]))).checkpoints).toHaveLength(1));
  // What a kill leaves are locks of a process that is gone.
  for (const lock of ['ablation.lock', join(MODELS[1], 'run.lock')]) await rm(join(folder, lock));
  const other = service();
  const later = listOf(other);
  const found = await statusWhen(hasEnded, later);
  expect(states(found)).toEqual(['finished', 'stopped', 'waiting']);
  expect(found.ended).toBe('The studio was closed before all variants were trained.');
  await later.resume();
  expect((await engineOf(3)).requests[0]).toMatchObject({ run: MODELS[1], resume: { epoch: 2 } });
  await later.stop();
  await statusWhen(hasEnded, later);
});

it('runs once at a time, and there is nothing to go on with where there is none', async () => {
  await expect(ablation.resume()).rejects.toThrow('there is no ablation to go on with');
  await ablation.start(asked);
  await expect(ablation.start(asked)).rejects.toThrow('under way already');
});

it.each([
  ['{', 'is damaged'],
  ['{"ended":"","variants":[{"name":"x","run":null,"state":"waiting","config":{}}]}', 'variants.0.config.'],
  ['{"format":"repmlp-ablation","version":2}', 'written by a newer program (version 2, this reads up to 1)'],
  ['{"ended":"","variants":[{"name":"x","run":"../victim","state":"waiting","config":{}}]}', 'variants.0.'],
])('a list on disk that cannot be read is told, and kept beside the next one: %s', async (text, reason) => {
  const path = join(folder, 'ablation.json');
  await writeFile(path, text);
  const told = (await ablation.watch().next()).value;
  expect(told).toMatchObject({ variants: [], underWay: false, ended: expect.stringContaining(reason) as string });
  await expect(ablation.resume()).rejects.toThrow(path);
  await ablation.start(asked);
  expect(await readFile(join(folder, 'ablation.unreadable.json'), 'utf8')).toBe(text);
});

it('two services do not train the ablation of one folder at once', async () => {
  await ablation.start(asked);
  await engineOf(1);
  const other = listOf(service());
  for (const attempt of [() => other.start(asked), () => other.resume()])
    await expect(attempt()).rejects.toThrow(/an ablation in .* is being trained by .* process \d+, since/);
  await ablation.stop();
  await statusWhen(hasEnded);
  await other.resume();
  (await engineOf(2)).finish();
  await other.stop();
  await statusWhen(hasEnded, other);
});
