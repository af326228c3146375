// Measured times of a network's layers in both forms, on the engine in use, which makes the weights itself.
import { implement } from '@orpc/server';
import { studioContract, type MeasuredForm } from '@shared/link/studio';
import { mergedSpec } from '@shared/model/merged-spec';
import type { NetworkSpec } from '@shared/model/spec';
import type { Studio } from '../studio';

/** Implements `cost` of the contract. */
export function costProcedures(studio: Studio) {
  const cost = implement(studioContract.cost);
  return {
    measure: cost.measure.handler(({ input, signal }) => measuredForms(studio, input, signal)),
  };
}

interface MeasureInput {
  readonly spec: NetworkSpec;
  readonly batch: number;
  readonly repetitions: number;
}

/** One form after the other; a caller that leaves ends it within a layer. */
async function* measuredForms(
  { engines }: Studio,
  { spec, ...how }: MeasureInput,
  signal?: AbortSignal,
): AsyncGenerator<MeasuredForm, void> {
  const { engine, place } = await engines.current();
  for (const form of [spec, mergedSpec(spec)]) {
    yield { form: form.form, place, report: await engine.measure({ spec: form, weights: null, ...how, backend: 'auto' }, signal) };
  }
}
