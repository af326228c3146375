// Optimizer steps on one batch, as a training makes them, kept so that another program can be held against them.
// Invariant: nothing in them is drawn (dropout is left out), so whoever does the same arithmetic finds the same numbers.
import { compositeRecord, isComposite } from '../model/composites';
import type { LayerSpec, NetworkSpec } from '../model/spec';
import { yieldToEvents } from '../base/yield-to-events';
import type { Watch } from '../tensor/parts';
import { floatTensor, type FloatTensor } from '../tensor/tensor';
import { seed } from '../tensor/random';
import type { TrainingSession } from '../training/loop/session';
import type { BackendName } from '../training/recipe/recipe';
import type { ParityRequest, ParityResult, StepsDone } from './engine';
import { createSession } from './session/create-session';
import { TRAINED } from './session/session-tensors';
import { useBackend } from './backend/choose';

/** Makes `rates.length` steps on the active backend. Throws UserError where weights, batch or recipe do not fit; rejects when aborted. */
export async function runParity(request: ParityRequest, backend: BackendName, { onProgress, signal }: Watch = {}): Promise<ParityResult> {
  const { spec, weights, recipe, batch, rates, keep } = request;
  useBackend(backend);
  const session = createSession({ spec: withoutDropout(spec), weights, recipe, seed: seed(0), backend });
  try {
    const before = await outputOf(session, request);
    const losses: number[] = [];
    const kept: StepsDone[] = [];
    for (const [index, rate] of rates.entries()) {
      signal?.throwIfAborted();
      losses.push((await session.step(batch, rate).read()).loss);
      if (keep.includes(index + 1)) kept.push({ steps: index + 1, ...(await weightsOf(session, recipe)) });
      onProgress?.(index + 1, rates.length);
      await yieldToEvents();
    }
    return { before, losses, kept, after: await outputOf(session, request), backend };
  } finally {
    session.dispose();
  }
}

/** The trained weights, and their moving average where the recipe has one: that is what a session gives out then. */
async function weightsOf(session: TrainingSession, { ema }: ParityRequest['recipe']): Promise<Omit<StepsDone, 'steps'>> {
  const given = await session.weights();
  if (ema === null) return { weights: given, average: null };
  const state = await session.state();
  return { weights: new Map([...given].map(([name, tensor]) => [name, state.get(`${TRAINED}${name}`) ?? tensor])), average: given };
}

/** In evaluation mode, of the moving average where there is one: (N, ...) as the network gives it. */
async function outputOf(session: TrainingSession, { batch }: ParityRequest): Promise<FloatTensor> {
  const data = await session.predict(batch.images, batch.shape);
  return floatTensor([batch.shape[0], data.length / batch.shape[0]], data);
}

/** The same network with nothing left to chance. */
export function withoutDropout(spec: NetworkSpec): NetworkSpec {
  return { ...spec, layers: spec.layers.map(undropped) };
}

function undropped(layer: LayerSpec): LayerSpec {
  if (layer.kind === 'dropout') return { ...layer, rate: 0 };
  if (!isComposite(layer)) return layer;
  const record = compositeRecord(layer);
  return record.withLayers(
    layer,
    record.parts(layer).map((part) => part.layers.map(undropped)),
  );
}
