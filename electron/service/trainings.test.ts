import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine, EngineTrainingEvent, TrainRequest } from '@shared/engine/engine';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { floatTensor } from '@shared/tensor/tensor';
import type { TrainingConfig, TrainingControl, TrainingEvent } from '@shared/training/recipe';
import { recipe } from '@shared/training/recipes';
import { Broadcast } from './broadcast';
import type { Engines } from './engines';
import { RunFolders } from './run-folders';
import { readMetrics, readRun } from './runs/read';
import { Trainings } from './trainings';

const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small', {}),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(1),
  backend: 'cpu',
};
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
const weights = new Map([['w', floatTensor([1], Float32Array.of(3))]]);

/** An engine that trains as the test says. */
class ScriptedEngine {
  readonly events = new Broadcast<EngineTrainingEvent>({ keepUnheard: true });
  readonly controls: TrainingControl[] = [];
  readonly requests: TrainRequest[] = [];
  failure: Error | null = null;

  async *train(request: TrainRequest): AsyncGenerator<EngineTrainingEvent> {
    this.requests.push(request);
    yield* this.events.subscribe();
    if (this.failure !== null) throw this.failure;
  }

  control(_run: string, control: TrainingControl): Promise<void> {
    this.controls.push(control);
    if ('action' in control && control.action === 'stop') this.stop();
    return Promise.resolve();
  }

  stop(): void {
    this.events.send({ type: 'weights', epoch: 0, step: 2, best: false, point: { epoch: 0, weights, state: weights } });
    this.events.send({ type: 'state', state: 'stopped', message: '' });
    this.events.end();
  }
}

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

function serviceWith(scripted: ScriptedEngine): Trainings {
  const placed = { engine: scripted as unknown as Engine, place: 'computed in a test' };
  return new Trainings(runs, { current: () => Promise.resolve(placed) } as unknown as Engines, {
    settle: (reference) => Promise.resolve({ reference, note: null, otherwise: null }),
  });
}

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

function watchAfter(run: string, begin: () => void): AsyncIterable<TrainingEvent> {
  const events = trainings.watch(run);
  begin();
  return events;
}
