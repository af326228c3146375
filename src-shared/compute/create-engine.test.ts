import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { caseSpec, installedWasmFiles } from '../../tests/engine';
import { float32Of, group, readReferenceTensors, referenceCases, type ReferenceCase } from '../../tests/reference';
import type { DatasetSplits } from '../dataset/dataset';
import { openEmbedded } from '../dataset/embedded/embedded';
import { mergedSpec } from '../model/merged-spec';
import type { NetworkSpec } from '../model/spec';
import { leavesOf } from '../model/walk';
import { initialWeights } from '../model/initialise';
import { seed } from '../tensor/random';
import { floatTensor, type Tensor } from '../tensor/tensor';
import { openThreadedFeed, serveFeed } from '../link/batch-thread';
import type { TrainingConfig } from '../training/recipe/recipe';
import { recipe } from '../training/recipe/recipes';
import { UserError } from '../base/user-error';
import { openBackend, useBackend } from './backend/choose';
import { createEngine } from './create-engine';
import { evaluatedBy } from '../training/evaluation/evaluated';
import { allProcessors } from './processors';
import type { Engine, TrainRequest } from './engine';
import type { EngineTrainingEvent } from '../training/loop/events';
import { eventedPort } from '../link/port';

const network: NetworkSpec = {
  format: 'repmlp-network',
  version: 1,
  name: 'test',
  task: 'classification',
  form: 'train',
  input: { channels: 3, height: 32, width: 32 },
  layers: [
    { kind: 'pool', name: '', function: 'average', kernel: [8, 8], stride: [8, 8], padding: [0, 0] },
    { kind: 'repmlp', name: 'block', C: 3, O: 3, H: 4, W: 4, h: 2, w: 2, kernels: [1], reduction: 1, groups: 1, form: 'train' },
    { kind: 'activation', name: 'relu', function: 'relu', channels: 3 },
    { kind: 'flatten', name: '' },
    { kind: 'linear', name: 'head', in: 48, out: 10, bias: true },
  ],
};
const config: TrainingConfig = {
  spec: network,
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 64, validationCount: 20 },
  recipe: { ...recipe('shapes-short'), epochs: 2, batchSize: 16 },
  seed: seed(4),
  backend: 'wasm',
};

let engine: Engine;
beforeAll(() => {
  const openDataset: Parameters<typeof createEngine>[0]['openDataset'] = (reference) =>
    reference.kind === 'embedded' ? Promise.resolve(openEmbedded(reference)) : Promise.reject(new UserError('no folders here'));
  engine = createEngine({ openDataset, wasmFiles: installedWasmFiles() });
});

async function eventsOf(request: TrainRequest): Promise<EngineTrainingEvent[]> {
  const events: EngineTrainingEvent[] = [];
  for await (const event of engine.train(request)) events.push(event);
  return events;
}

const weightsAtEnd = (events: readonly EngineTrainingEvent[]) => events.filter((event) => event.type === 'weights').at(-1)?.point;

describe('backends', () => {
  test('in Node, WASM is chosen and the reason names what was passed over', async () => {
    const events = await eventsOf({
      run: 'r',
      resume: null,
      config: { ...config, backend: 'auto', recipe: { ...config.recipe, epochs: 1 } },
    });
    expect(events[0]).toMatchObject({ type: 'backend', backend: 'wasm' });
    expect(events[0]).toHaveProperty('reason', expect.stringMatching(/WebAssembly, SIMD.*Not webgl: .*Not webgpu: /) as unknown);
  });

  test('one that was asked for and is missing is refused, not replaced', async () => {
    const request = {
      spec: network,
      weights: initialWeights(network, seed(1)),
      input: floatTensor([1, 3, 32, 32], new Float32Array(3072)),
    };
    await expect(engine.forward({ ...request, backend: 'webgl', layers: false })).rejects.toThrow('the webgl backend cannot be used');
  });
});

describe('verify', () => {
  const reference = referenceCases.find(({ id }) => id === 'net_unit_c8_s4_k13') as ReferenceCase;
  const tensors = readReferenceTensors(reference.file);
  const request = {
    train: { spec: caseSpec(reference), weights: group(tensors, 'train') },
    merged: { spec: mergedSpec(caseSpec(reference)), weights: group(tensors, 'deploy') },
    input: float32Of(tensors, 'x'),
    inputSource: 'the case',
    inputSeed: null,
  };

  test.each(['cpu', 'wasm'] as const)('finds the official merge equivalent on %s', async (backend) => {
    const report = await engine.verify({ ...request, backend });
    expect(report.equivalent).toBe(true);
    expect(report.backend).toBe(backend);
    expect(report.layers.length).toBe(leavesOf(request.train.spec).length);
  });

  test('finds a wrong merge and names the block', async () => {
    const wrong = new Map<string, Tensor>(request.merged.weights);
    const bias = wrong.get('repmlp_block.fc3.bias') as Tensor;
    wrong.set(
      'repmlp_block.fc3.bias',
      floatTensor(
        bias.shape,
        Float32Array.from(bias.data as Float32Array, (value) => value + 0.01),
      ),
    );
    const report = await engine.verify({ ...request, merged: { ...request.merged, weights: wrong }, backend: 'wasm' });
    expect(report.equivalent).toBe(false);
    expect(report.firstDivergentLayer).toBe('repmlp_block');
  });
});

describe('train', () => {
  test('the same seed gives the same weights, another seed others', async () => {
    const [first, again] = [await eventsOf({ run: 'a', config, resume: null }), await eventsOf({ run: 'a', config, resume: null })];
    const other = await eventsOf({ run: 'a', config: { ...config, seed: seed(5) }, resume: null });
    expect(weightsAtEnd(again)?.weights).toEqual(weightsAtEnd(first)?.weights);
    expect(weightsAtEnd(other)?.weights).not.toEqual(weightsAtEnd(first)?.weights);
  });

  test('a run stopped after an epoch and resumed ends with the weights of an uninterrupted one', async () => {
    const whole = await eventsOf({ run: 'whole', config, resume: null });
    const seen: EngineTrainingEvent[] = [];
    for await (const event of engine.train({ run: 'half', config, resume: null })) {
      seen.push(event);
      if (event.type === 'epoch') await engine.control('half', { action: 'stop' });
    }
    const rest = await eventsOf({ run: 'half', config, resume: weightsAtEnd(seen) ?? null });
    expect(seen.filter(({ type }) => type === 'epoch').length).toBe(1);
    expect(weightsAtEnd(rest)?.weights).toEqual(weightsAtEnd(whole)?.weights);
  });

  test('leaves nothing on the backend, also when the listener walks away', async () => {
    const before = tf.memory().numTensors;
    await eventsOf({ run: 'a', config, resume: null });
    for await (const event of engine.train({ run: 'b', config, resume: null })) if (event.type === 'step') break;
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a listener that walks away at the first word gives back the data and the thread of batches', async () => {
    const ended: string[] = [];
    const { port1, port2 } = new MessageChannel();
    const openDataset = (): Promise<DatasetSplits> =>
      Promise.resolve({ ...openEmbedded(config.dataset as never), close: () => Promise.resolve(void ended.push('data')) });
    serveFeed(eventedPort(port2), () => Promise.resolve(openEmbedded(config.dataset as never)));
    const end = (): void => {
      port1.close();
      ended.push('thread');
    };
    const thread = { port: eventedPort(port1), lost: new Promise<Error>(() => undefined), end };
    const own = createEngine({
      openDataset,
      wasmFiles: installedWasmFiles(),
      openThreadedFeed: (asked) => openThreadedFeed(thread, asked),
    });
    for await (const event of own.train({ run: 'a', config: { ...config, backend: 'cpu' }, resume: null })) {
      expect(event.type).toBe('backend');
      break;
    }
    // With one processor no thread is started.
    expect(ended.sort()).toEqual(allProcessors() > 1 ? ['data', 'thread'] : ['data']);
  });

  test('a listener that walks away from a paused training ends it', async () => {
    const events = engine.train({ run: 'p', config, resume: null, first: [{ action: 'pause' }] })[Symbol.asyncIterator]();
    for (let next = await events.next(); !next.done; next = await events.next())
      if (next.value.type === 'state' && next.value.state === 'paused') break;
    // Asked for before the walking away, as a port does: it would wait for the next command.
    const waiting = events.next();
    await events.return?.();
    await waiting;
    await expect(engine.control('p', { action: 'resume' })).rejects.toThrow('run p is not training now');
  });

  test('a command to a run that is not training is refused', async () => {
    await expect(engine.control('none', { action: 'pause' })).rejects.toThrow('run none is not training now');
  });
});

test('evaluation counts every sample once', async () => {
  const { dataset } = config;
  const weights = initialWeights(network, seed(1));
  const { report } = await evaluatedBy(engine.evaluate({ spec: network, weights, dataset, backend: 'wasm' }));
  expect(report.samples).toBe(20);
  expect(report.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(20);
});

test('every leaf is measured', async () => {
  const weights = initialWeights(network, seed(1));
  const { layers: timings } = await engine.measure({ spec: network, weights, batch: 2, repetitions: 3, backend: 'cpu' });
  expect(timings.map(({ path }) => path)).toEqual(leavesOf(network).map(({ path }) => path));
  timings.forEach(({ medianMs }) => expect(medianMs).toBeGreaterThan(0));
});

describe('while a training on another backend goes on between its waits', () => {
  const weights = initialWeights(network, seed(1));
  /** Backends that computed: kernels run by `action`, while others make wasm the active one whenever the thread is free. */
  async function backendsOf(action: () => Promise<unknown>): Promise<Set<string>> {
    await openBackend('wasm');
    await openBackend('cpu');
    const seen = new Set<string>();
    const kernels = Object(tf.engine()) as { runKernelFunc(call: unknown): unknown };
    const run = kernels.runKernelFunc.bind(kernels);
    vi.spyOn(kernels, 'runKernelFunc').mockImplementation((call) => {
      seen.add(tf.getBackend());
      return run(call);
    });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      useBackend('wasm');
      port2.postMessage(null);
    };
    port2.postMessage(null);
    try {
      await action();
    } finally {
      port1.close();
      vi.restoreAllMocks();
    }
    return seen;
  }

  test('a measurement stays on its own', async () => {
    const request = { spec: network, weights, batch: 2, repetitions: 3, backend: 'cpu' } as const;
    expect(await backendsOf(() => engine.measure(request))).toEqual(new Set(['cpu']));
  });

  test('a forward pass stays on its own, all layers read back', async () => {
    const input = floatTensor([1, 3, 32, 32], new Float32Array(3072));
    const request = { spec: network, weights, input, layers: true, backend: 'cpu' } as const;
    const read = tf.Tensor.prototype.data;
    // Reading back takes its time, as on a GPU.
    vi.spyOn(tf.Tensor.prototype, 'data').mockImplementation(async function (this: tf.Tensor) {
      await new Promise((resolve) => setTimeout(resolve));
      return read.call(this);
    });
    expect(await backendsOf(() => engine.forward(request))).toEqual(new Set(['cpu']));
  });
});

test('a measurement ends within a layer when aborted', async () => {
  const stop = new AbortController();
  const request = { spec: network, weights: null, batch: 2, repetitions: 1_000_000, backend: 'cpu' } as const;
  const measuring = engine.measure(request, stop.signal);
  // A million repetitions of the first layer alone would outlast the test.
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(measuring).rejects.toThrow('enough');
});
