// Measured times of a network's layers: both forms, freshly initialised, on the engine in use.
import { implement } from '@orpc/server';
import { studioContract, type MeasuredForm } from '@shared/contract/studio';
import { mergeNetwork } from '@shared/merge/merge-network';
import { initialWeights } from '@shared/model/initialise';
import { parseNetworkSpec } from '@shared/model/schema';
import type { NetworkSpec } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';
import type { Studio } from '../studio';

/** Implements `cost` of the contract. */
export function costProcedures(studio: Studio) {
  const cost = implement(studioContract.cost);
  return {
    measure: cost.measure.handler(({ input, signal }) => measuredForms(studio, { ...input, spec: parseNetworkSpec(input.spec) }, signal)),
  };
}

interface MeasureInput {
  readonly spec: NetworkSpec;
  readonly batch: number;
  readonly repetitions: number;
}

/** One form after the other; a caller that leaves ends it between them. */
async function* measuredForms(
  { engines }: Studio,
  { spec, ...how }: MeasureInput,
  signal?: AbortSignal,
): AsyncGenerator<MeasuredForm, void> {
  const { engine, place } = await engines.current();
  const train = { spec, weights: initialWeights(spec, seed(1)) };
  yield { form: 'train', place, report: await engine.measure({ ...train, ...how, backend: 'auto' }) };
  signal?.throwIfAborted();
  yield { form: 'merged', place, report: await engine.measure({ ...mergeNetwork(spec, train.weights), ...how, backend: 'auto' }) };
}
