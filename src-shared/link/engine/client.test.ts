import { afterEach, describe, expect, test } from 'vitest';
import { floatTensor } from '../../tensor/tensor';
import { UserError } from '../../base/user-error';
import { connectEngine, type ConnectOptions } from './client';
import { buildModel } from '../../model/zoo';
import { seed } from '../../tensor/random';
import { recipe } from '../../training/recipe/recipes';
import type { Engine, ForwardRequest, MeasureRequest, TrainRequest } from '../../compute/engine';
import type { EngineTrainingEvent } from '../../training/loop/events';
import { eventedPort } from '../port';
import { HalfStep } from '../../training/loop/half-step';
import { KernelFailure } from '../../compute/kernel-failure';
import { serveEngine } from './server';

const opened: MessageChannel[] = [];
afterEach(() => opened.splice(0).forEach(({ port1, port2 }) => [port1.close(), port2.close()]));

/** An engine of whose calls the test says what they do, and its connected end. */
function connected(engine: Partial<Engine>, options?: ConnectOptions): Engine {
  const channel = new MessageChannel();
  opened.push(channel);
  serveEngine(engine as Engine, eventedPort(channel.port1));
  return connectEngine(eventedPort(channel.port2), options);
}

const event = (message: string): EngineTrainingEvent => ({ type: 'state', state: 'running', message });
const spec = buildModel('pure-mlp-small');
const ANY_FORWARD: ForwardRequest = {
  spec,
  weights: new Map(),
  input: floatTensor([0], new Float32Array()),
  backend: 'cpu',
  layers: false,
};
const ANY_MEASUREMENT: MeasureRequest = { spec, weights: null, batch: 1, repetitions: 1, backend: 'cpu' };
const anyTraining: TrainRequest = {
  run: 'r',
  config: {
    spec,
    dataset: { kind: 'embedded', name: 'digits', seed: seed(0) },
    recipe: recipe('shapes-short'),
    seed: seed(0),
    backend: 'cpu',
  },
  resume: null,
};

describe('an engine behind a port', () => {
  test('answers with arrays and maps as the engine gave them', async () => {
    const output = floatTensor([1, 2], Float32Array.of(1, 2));
    const layers = new Map([['a.b', floatTensor([1], Float32Array.of(3))]]);
    const engine = connected({ forward: () => Promise.resolve({ output, layers, backend: 'cpu' }) });
    const result = await engine.forward(ANY_FORWARD);
    expect(result.output.data).toEqual(Float32Array.of(1, 2));
    expect(result.layers.get('a.b')?.data).toEqual(Float32Array.of(3));
  });

  test('sends result arrays over instead of copying them', async () => {
    const output = floatTensor([2], Float32Array.of(1, 2));
    const engine = connected({ forward: () => Promise.resolve({ output, layers: new Map(), backend: 'cpu' }) });
    await engine.forward(ANY_FORWARD);
    expect(output.data.length).toBe(0);
  });

  test.each([new HalfStep('half'), new KernelFailure('of a kernel'), new RangeError('too far'), new UserError('no such thing')])(
    'throws a $name as one, with the place it came from',
    async (error) => {
      const thrown: unknown = await connected({ backends: () => Promise.reject(error) })
        .backends()
        .catch((reason: unknown) => reason);
      expect(thrown).toBeInstanceOf(error.constructor);
      expect(thrown).toMatchObject({ message: error.message, stack: error.stack });
    },
  );

  test("throws the input's faults as UserError and the program's as Error", async () => {
    const engine = connected({
      backends: () => Promise.reject(new UserError('no such thing')),
      measure: () => Promise.reject(new RangeError('a bug')),
    });
    await expect(engine.backends()).rejects.toThrow(UserError);
    await expect(engine.backends()).rejects.toThrow('no such thing');
    const failure = await engine.measure(ANY_MEASUREMENT).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(UserError);
  });

  test('an aborted measurement rejects at once and stops on the other side', async () => {
    const stop = new AbortController();
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    let stopped: () => void = () => undefined;
    const stopping = new Promise<void>((resolve) => (stopped = resolve));
    const engine = connected({
      measure: (_request, signal) => {
        begun();
        return new Promise((_, reject) =>
          signal?.addEventListener('abort', () => {
            stopped();
            reject(signal.reason as Error);
          }),
        );
      },
    });
    const rejected = expect(engine.measure(ANY_MEASUREMENT, stop.signal)).rejects.toThrow('enough');
    await beginning;
    stop.abort(new Error('enough'));
    await rejected;
    await stopping;
  });

  test('streams the events of a training in order, then ends', async () => {
    const engine = connected({
      train: async function* () {
        for (const message of ['a', 'b', 'c']) yield await Promise.resolve(event(message));
      },
    });
    const seen: EngineTrainingEvent[] = [];
    for await (const item of engine.train(anyTraining)) seen.push(item);
    expect(seen).toEqual(['a', 'b', 'c'].map(event));
  });

  test('a training that fails throws after its last event', async () => {
    const engine = connected({
      train: async function* () {
        yield await Promise.resolve(event('a'));
        throw new UserError('the data set is gone');
      },
    });
    const iterator = engine.train(anyTraining)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual(event('a'));
    await expect(iterator.next()).rejects.toThrow('the data set is gone');
  });

  test('leaving the loop over a training ends it in the engine', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const engine = connected({
      train: async function* () {
        try {
          for (;;) {
            yield event('on and on');
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        } finally {
          ended();
        }
      },
    });
    for await (const item of engine.train(anyTraining)) if (item) break;
    await end;
  });

  test('everything under way fails when the thread is lost', async () => {
    let lose: (error: Error) => void = () => undefined;
    const lost = new Promise<Error>((resolve) => (lose = resolve));
    const engine = connected({ backends: () => new Promise(() => undefined) }, { lost });
    const waiting = engine.backends();
    lose(new Error('the thread ended'));
    await expect(waiting).rejects.toThrow('the thread ended');
    await expect(engine.backends()).rejects.toThrow('the thread ended');
  });
});
