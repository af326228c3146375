import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import type { TrainRequest } from '@shared/compute/engine';
import { HalfStep } from '@shared/training/loop/half-step';
import { withOverrides } from '@shared/training/recipe/overrides';
import type { TrainingEvent } from '@shared/training/recipe/event';
import type { PlacedEngine } from '../engines';
import { RunFolders } from '../../runs/run-folders';
import { readMetrics, readRun } from '../../runs/read';
import { placed, ScriptedEngine, testConfig as config, trainingsOn, weightsAt } from '../../../testing/training/scripted-engine';
import type { Trainings } from './trainings';

const step = (count: number): EngineTrainingEvent => ({
  type: 'step',
  epoch: 1,
  step: count,
  stepsPerEpoch: 10,
  loss: 2,
  metric: 0.1,
  learningRate: 0.1,
  imagesPerSecond: 1,
  secondsPerStep: 0.25,
  secondsLeft: 1,
  tensors: 1,
  bytes: 4,
});
let folder: string;
let engine: ScriptedEngine;
let trainings: Trainings;
let runs: RunFolders;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-trainings-'));
  engine = new ScriptedEngine();
  runs = new RunFolders(folder);
  trainings = serviceWith(engine);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A service whose first engine is given; `next` gives the ones after it. */
const serviceWith = (scripted: ScriptedEngine, next?: () => Promise<PlacedEngine>): Trainings => trainingsOn(runs, () => scripted, next);

async function rest(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const seen: TrainingEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('a training', () => {
  it('tells a window that comes late its backend, with the place, and its state, then everything', async () => {
    const run = await trainings.start(config, 'my run');
    expect(run).toBe('my-run');
    const first = trainings.watch(run);
    engine.events.send({ type: 'backend', backend: 'cpu', reason: 'asked for.' });
    engine.events.send({ type: 'state', state: 'running', message: '' });
    engine.events.send(step(1));
    for (const type of ['backend', 'state', 'step']) expect((await first.next()).value).toMatchObject({ type });
    await first.return();
    const late = rest(trainings.watch(run));
    engine.events.send(step(2));
    engine.stop();
    expect((await late).map((event) => event.type)).toEqual(['backend', 'state', 'step', 'checkpoint', 'state']);
    expect((await late)[0]).toMatchObject({ reason: 'asked for. (computed in a test)' });
  });

  it('is on disk before a window hears of it', async () => {
    const run = await trainings.start(config, 'run');
    for await (const event of watchAfter(run, () => engine.stop())) {
      if (event.type !== 'checkpoint') continue;
      expect((await readRun(join(folder, run))).checkpoints.map(({ file }) => file)).toContain(event.file);
    }
    expect((await readRun(join(folder, run))).state).toBe('stopped');
  });

  it('goes on without a window, and is resumed from where it was stopped', async () => {
    const run = await trainings.start(config, 'run');
    engine.events.send(step(1));
    engine.events.send(step(2));
    await vi.waitFor(async () => expect(await readMetrics(join(folder, run))).toHaveLength(2));
    await trainings.stopAll();
    expect(trainings.names()).toEqual([]);
    const again = new ScriptedEngine();
    const secondService = serviceWith(again);
    await secondService.resume(run);
    await vi.waitFor(() => expect(again.requests).toHaveLength(1));
    expect(again.requests[0].resume?.weights.get('w')?.data).toEqual(Float32Array.of(3));
    await secondService.stopAll();
  });

  it('that fails says why, in run.json too, and frees its name', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const run = await trainings.start(config, 'run');
    const seen = rest(trainings.watch(run));
    engine.failure = new Error('the window that computed was closed');
    engine.events.end();
    expect((await seen).at(-1)).toEqual({ type: 'state', state: 'failed', message: 'the window that computed was closed' });
    expect((await readRun(join(folder, run))).state).toBe('failed');
    expect(() => trainings.watch(run)).toThrow('run is not training now');
    const second = new ScriptedEngine();
    const secondService = serviceWith(second);
    expect(await secondService.start(config, 'run')).toBe('run-2');
    await secondService.stopAll();
  });
});

function expectedOf(engine: ScriptedEngine | undefined): ScriptedEngine {
  if (engine === undefined) throw new Error('a training more than expected');
  return engine;
}

function watchAfter(run: string, begin: () => void): AsyncIterable<TrainingEvent> {
  const events = trainings.watch(run);
  begin();
  return events;
}

describe('a training with a step that was only done in part', () => {
  it('goes on from its last checkpoint on the same engine, and says so', async () => {
    const second = new ScriptedEngine();
    const engines = [engine, second];
    const service = trainingsOn(runs, () => ({ train: (request) => expectedOf(engines.shift()).train(request) }));
    const run = await service.start(config, 'run');
    const seen = rest(service.watch(run));
    engine.events.send(weightsAt(1));
    engine.failure = new HalfStep('step 7 was only done in part: no memory');
    engine.events.end();
    await vi.waitFor(() => expect(second.requests).toHaveLength(1));
    expect(second.requests[0].resume?.epoch).toBe(1);
    second.finish();
    const states = (await seen).filter((event) => event.type === 'state');
    expect(states.map(({ state, mended }) => [state, mended])).toEqual([
      ['running', true],
      ['finished', undefined],
    ]);
  });
});

describe('what holds from the first step on', () => {
  it.each([
    ['learningRate', { action: 'learningRate', value: 0.5 }],
    ['step', { action: 'step' }],
  ] as const)('holds again after a half step before the first checkpoint, as on the command line: %s', async (_, control) => {
    const second = new ScriptedEngine();
    const engines = [engine, second];
    const train = (request: TrainRequest) => expectedOf(engines.shift()).train(request);
    const service = trainingsOn(runs, () => ({ train }));
    const seen = rest(service.watch(await service.start(config, 'run', [control])));
    engine.failure = new HalfStep('step 1 was only done in part: no memory');
    engine.events.end();
    await vi.waitFor(() => expect(second.requests).toHaveLength(1));
    expect(second.requests[0]).toMatchObject({ resume: null, first: [control] });
    second.finish();
    await seen;
  });
});

describe('a training whose window is closed or reloaded', () => {
  const checkpoint = weightsAt(1, 0, true);

  it('says so, and goes on from its last checkpoint on the next engine, paused and with the rate it had', async () => {
    const second = new ScriptedEngine();
    let offer: (engine: PlacedEngine) => void = () => undefined;
    const service = serviceWith(engine, () => new Promise((resolve) => (offer = resolve)));
    const run = await service.start(config, 'run');
    const seen = rest(service.watch(run));
    for (const event of [step(1), checkpoint, step(2)]) engine.events.send(event);
    await vi.waitFor(async () => expect(await readMetrics(join(folder, run))).toHaveLength(2));
    await service.control(run, { action: 'learningRate', value: 0.5 });
    await service.control(run, { action: 'pause' });
    engine.lose();
    await vi.waitFor(async () => expect((await readRun(join(folder, run))).state).toBe('paused'));
    await expect(service.control(run, { action: 'step' })).rejects.toThrow('waits for a window');
    offer(placed(second));
    await vi.waitFor(() => expect(second.requests).toHaveLength(1));
    expect(second.requests[0]).toMatchObject({
      resume: { epoch: 1 },
      first: [{ action: 'learningRate', value: 0.5 }, { action: 'pause' }],
    });
    await service.stopAll();
    const words = (await seen).flatMap((event) => (event.type === 'state' ? [event.message] : []));
    expect(words[0]).toBe(
      'the window that computed was closed or reloaded: waits for a window to go on from the checkpoint after 1 of 5 epochs',
    );
  });

  it('can be stopped while it waits, and is resumable then', async () => {
    const run = await trainings.start(config, 'run');
    engine.events.send(checkpoint);
    engine.lose();
    for await (const event of trainings.watch(run))
      if (event.type === 'state' && event.message.includes('waits for a window')) await trainings.control(run, { action: 'stop' });
    expect((await readRun(join(folder, run))).state).toBe('stopped');
  });

  it('gives up when windows are lost again and again without a checkpoint in between', async () => {
    const service = serviceWith(engine, () => {
      const next = new ScriptedEngine();
      next.lose();
      return Promise.resolve(placed(next));
    });
    const run = await service.start(config, 'run');
    const seen = rest(service.watch(run));
    engine.lose();
    expect((await seen).at(-1)).toMatchObject({ type: 'state', state: 'failed' });
  });
});

describe('a resumed run', () => {
  it('that ended before its first checkpoint says that it starts again from its seeds', async () => {
    const run = await trainings.start(config, 'run');
    engine.failure = new Error('crash');
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    engine.events.end();
    await vi.waitFor(() => expect(trainings.names()).toEqual([]));
    const again = new ScriptedEngine();
    const service = serviceWith(again);
    const { notes } = await service.resume(run);
    expect(notes).toEqual(['run ended before its first checkpoint: it starts again from its seeds.']);
    expect(again.requests[0]).toMatchObject({ resume: null });
    await service.stopAll();
  });

  it('says when its data are no longer what it was started with', async () => {
    const run = await trainings.start(config, 'run');
    await trainings.stopAll();
    const path = join(folder, run, 'run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"dataHash": "\w+"/, '"dataHash": "another"'));
    const again = new ScriptedEngine();
    const service = serviceWith(again);
    const { notes } = await service.resume(run);
    expect(notes[0]).toMatch(/^The data \(shapes\) have changed/);
    await service.stopAll();
  });

  it('says on another backend than its checkpoint was computed on that its weights may differ', async () => {
    const run = await trainings.start({ ...config, backend: 'auto' }, 'run');
    engine.events.send({ type: 'backend', backend: 'webgl', reason: 'a GPU.' });
    await trainings.stopAll();
    expect(await backendEventOf(run, 'wasm')).toMatchObject({
      change: expect.stringContaining('was computed on webgl up to its checkpoint and goes on on wasm: its weights may differ') as string,
    });
    expect(await backendEventOf(run, 'wasm')).not.toHaveProperty('change');
  });

  it('that is finished has more epochs where its schedule allows them, else the reason is said', async () => {
    const constant = { ...config, recipe: withOverrides(config.recipe, ['schedule=constant']) };
    const run = await trainings.start(constant, 'run');
    engine.finish();
    expect(await trainings.outcome(run)).toBe('finished');
    const again = new ScriptedEngine();
    const service = serviceWith(again);
    await expect(service.resume(run, 4)).rejects.toThrow('fewer (4) cannot be asked of it');
    await service.resume(run, 9);
    await vi.waitFor(() => expect(again.requests[0]).toMatchObject({ resume: { epoch: 5 }, config: { recipe: { epochs: 9 } } }));
    await service.stopAll();
  });

  it('whose rates are spread over its epochs stays as it is when more are asked for', async () => {
    const run = await trainings.start(config, 'run');
    engine.finish();
    await trainings.outcome(run);
    const before = await readRun(join(folder, run));
    await expect(serviceWith(new ScriptedEngine()).resume(run, 9)).rejects.toThrow("the run's cosine schedule spreads its learning rates");
    expect(await readRun(join(folder, run))).toEqual(before);
  });
});

/** What a resumed run says of the backend it is given. */
async function backendEventOf(run: string, backend: 'wasm'): Promise<TrainingEvent | undefined> {
  const again = new ScriptedEngine();
  const service = serviceWith(again);
  await service.resume(run);
  const seen = rest(service.watch(run));
  again.events.send({ type: 'backend', backend, reason: 'no GPU.' });
  await service.stopAll();
  return (await seen).find(({ type }) => type === 'backend');
}
