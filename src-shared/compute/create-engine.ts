// The engine: answers forward, verify, train, evaluate and measure on one of tfjs's backends. It runs in
// whatever thread creates it; link/engine/server.ts puts it behind a port.
import * as tf from '@tensorflow/tfjs-core';
import type { DatasetReference, DatasetSplits } from '../dataset/dataset';
import type { WeightedNetwork } from '../merge/merge-network';
import { verifyNetworks } from '../proof/verify';
import type { NetworkOutputs } from '../proof/compare-arrays';
import type { VerifyReport } from '../merge/report';
import { initialWeights } from '../model/initialise';
import type { Watch } from '../tensor/parts';
import type { FloatTensor } from '../tensor/tensor';
import { TrainingControls } from '../training/loop/control';
import { LastStep } from '../training/loop/last-step';
import type { ThreadedFeed } from '../training/batches/feed';
import { trainLoop } from '../training/loop/loop';
import type { BackendName } from '../training/recipe/recipe';
import { seedsOf } from '../training/recipe/seeds';
import { UserError } from '../base/user-error';
import { expectFloat32, openBackend, reportBackends, useBackend } from './backend/choose';
import { orContextLost, untilContextLost } from './backend/lost-context';
import { configureEngine, type WasmFiles } from './backend/wasm-files';
import { clockStepMs } from './backend/clock';
import { createSession } from './session/create-session';
import type { Engine, ForwardRequest, ForwardResult, ParityRequest, ParityResult, TrainRequest, VerifyRequest } from './engine';
import type { EngineTrainingEvent } from '../training/loop/events';
import { runEvaluation } from './evaluate-request';
import { runForward } from './forward-request';
import { measureLayers } from './measure';
import { allowActivations, samplesAtOnce } from './parts';
import { centreGradient } from './centre-gradient';
import { roundedLayers } from './rounded-layers';
import { runParity } from './parity-request';
import { openBatches, type OpenThreadedFeed } from './open-batches';

/** What the host provides. */
export interface EngineEnvironment {
  /** Opens a data set; folders are the host's to read. */
  openDataset(reference: DatasetReference): Promise<DatasetSplits>;
  readonly wasmFiles: WasmFiles;
  /** Threads of the WASM backend at most; all processors where it is left out. */
  readonly threads?: number;
  /** Memory for the activations of a part of a batch. */
  readonly memoryMiB?: number;
  /** Opens a feed made by a thread of its own; without it batches are made by the thread that trains. */
  readonly openThreadedFeed?: OpenThreadedFeed;
}

/** An engine for this thread. Backends start when first asked for. */
export function createEngine(environment: EngineEnvironment): Engine {
  configureEngine(environment);
  if (environment.memoryMiB !== undefined) allowActivations(environment.memoryMiB * 2 ** 20);
  const running = new Map<string, TrainingControls>();
  return {
    backends: reportBackends,
    forward: (request, watch) => answered(() => forward(request, watch)),
    verify: (request, watch) => answered(() => verify(request, watch)),
    parity: (request, watch) => answered(() => parity(request, watch)),
    train: (request) => {
      const controls = new TrainingControls();
      return stoppable(train(request, environment, running, controls), controls);
    },
    control: (run, control) => {
      const controls = running.get(run);
      if (!controls) return Promise.reject(new UserError(`run ${run} is not training now`));
      controls.send(control);
      return Promise.resolve();
    },
    evaluate: (request) => eachAnswered(runEvaluation(request, (reference) => environment.openDataset(reference))),
    measure: (request, signal) =>
      answered(async () => {
        const { name, device, software } = await openBackend(request.backend);
        return { backend: name, device, software, clockMs: clockStepMs(), layers: await measureLayers(request, name, signal) };
      }),
    receptiveField: (request, watch) =>
      answered(async () => {
        const { name } = await openBackend(request.backend);
        return { map: await centreGradient(request, name, watch), backend: name };
      }),
    int8: (request, watch) =>
      answered(async () => {
        const { name } = await openBackend(request.backend);
        return { layers: await roundedLayers(request, name, watch), backend: name };
      }),
    dispose: () => {
      running.forEach((controls) => controls.send({ action: 'stop' }));
      return Promise.resolve();
    },
  };
}

/** An answer that graphics may be computing. */
function answered<T>(answer: () => Promise<T>): Promise<T> {
  return orContextLost(answer, () => tf.getBackend() === 'webgl');
}

async function* eachAnswered<Event>(events: AsyncGenerator<Event, void>): AsyncGenerator<Event, void> {
  try {
    for (let next = await answered(() => events.next()); !next.done; next = await answered(() => events.next())) yield next.value;
  } finally {
    // Of an answer that never comes the end never comes either.
    void events.return().catch(() => undefined);
  }
}

async function forward(request: ForwardRequest, watch?: Watch): Promise<ForwardResult> {
  const backend = await openBackend(request.backend);
  useBackend(backend.name);
  return { ...(await runForward(request, watch)), backend: backend.name };
}

/** Compares both forms layer by layer. Throws UserError on a GPU that does not keep float32 precision: nothing can be proved there. */
async function verify(
  { train, merged, input, inputSource, inputSeed, backend: choice }: VerifyRequest,
  watch: Watch = {},
): Promise<VerifyReport> {
  const backend = await openBackend(choice);
  expectFloat32(backend);
  const pass = (network: WeightedNetwork, part: FloatTensor): Promise<NetworkOutputs> => {
    useBackend(backend.name);
    return runForward({ ...network, input: part, layers: true }, { signal: watch.signal });
  };
  const parts = { atOnce: samplesAtOnce(train.spec, input.shape, true), ...watch };
  const inputs = { source: inputSource, shape: input.shape, seed: inputSeed };
  return verifyNetworks(train, merged, input, pass, { backend: backend.name, inputs }, parts);
}

/** Throws UserError on a GPU that does not keep float32 precision: others would be held against wrong numbers. */
async function parity(request: ParityRequest, watch?: Watch): Promise<ParityResult> {
  const backend = await openBackend(request.backend);
  expectFloat32(backend);
  return runParity(request, backend.name, watch);
}

/** A training whose listener may walk away while it waits for the next event: one that is paused would never come to it. */
function stoppable<Event>(events: AsyncGenerator<Event, void>, controls: TrainingControls): AsyncIterableIterator<Event> {
  const training: AsyncIterableIterator<Event> = {
    next: () => events.next(),
    return: () => {
      controls.send({ action: 'stop' });
      return events.return();
    },
    [Symbol.asyncIterator]: () => training,
  };
  return training;
}

async function* train(
  { run, config, resume, first = [] }: TrainRequest,
  environment: EngineEnvironment,
  running: Map<string, TrainingControls>,
  controls: TrainingControls,
): AsyncGenerator<EngineTrainingEvent, void> {
  if (running.has(run)) throw new UserError(`run ${run} is training already`);
  for (const control of first) controls.send(control);
  running.set(run, controls);
  try {
    const backend = await openBackend(config.backend);
    const splits = await environment.openDataset(config.dataset);
    const { feed, note } = await openBatches(config, backend.busy, environment.openThreadedFeed);
    try {
      yield { type: 'backend', backend: backend.name, reason: `${backend.reason}${note}` };
      yield* trainOn(splits, { config, resume, controls, feed }, backend.name);
    } finally {
      await feed?.close();
      await splits.close?.();
    }
  } finally {
    running.delete(run);
  }
}

async function* trainOn(
  splits: DatasetSplits,
  {
    config,
    resume,
    controls,
    feed,
  }: Pick<TrainRequest, 'config' | 'resume'> & { controls: TrainingControls; feed: ThreadedFeed | undefined },
  backend: BackendName,
): AsyncGenerator<EngineTrainingEvent, void> {
  const seeds = seedsOf(config);
  const session = createSession({
    spec: config.spec,
    weights: resume?.weights ?? initialWeights(config.spec, seeds.init),
    recipe: config.recipe,
    seed: seeds.augmentation,
    backend,
    state: resume?.state,
  });
  try {
    const last = backend === 'webgl' ? new LastStep() : null;
    const events = trainLoop({ config, session, splits, controls, resume, feed, keep: last ? (weights) => last.keep(weights) : undefined });
    yield* last ? last.before(untilContextLost(backend, events)) : events;
  } finally {
    session.dispose();
  }
}
