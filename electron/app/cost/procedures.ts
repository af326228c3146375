// Measured times of a network's layers in both forms, on the engine in use, which makes the weights itself; and what int8 would cost them.
import { implement } from '@orpc/server';
import { studioContract, type MeasuredForm } from '@shared/link/studio';
import type { NetworkSpec } from '@shared/model/spec';
import { asJob, counting } from '../jobs/asked-jobs';
import type { Studio } from '../studio';
import { countedForms } from '@shared/cost/forms';
import { seed } from '@shared/tensor/random';
import { forecastInt8 } from './int8';
import { measurements } from './measure';

/** Implements `cost` of the contract. */
export function costProcedures(studio: Studio) {
  const cost = implement(studioContract.cost);
  return {
    int8: cost.int8.handler(async ({ input, signal }) => {
      const network = await studio.weights.load(input.weights);
      const { engine, place } = await studio.engines.current();
      const { batch, seed: from } = input;
      const report = await forecastInt8(network, engine, { batch, seed: seed(from), backend: 'auto', signal });
      return { ...report, backend: `${report.backend}, ${place}` };
    }),
    measure: cost.measure.handler(({ input, signal }) => {
      const forms = counting(countedForms(input.spec).length);
      return asJob(studio, 'measurement', input.spec.name, (own) => measuredForms(studio, input, own), forms, signal);
    }),
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
  { spec, batch, repetitions }: MeasureInput,
  signal?: AbortSignal,
): AsyncGenerator<MeasuredForm, void> {
  const { engine, place } = await engines.current();
  const asked = { spec, weights: null, forms: countedForms(spec), batches: [batch], repetitions, backend: 'auto' } as const;
  for (const { form, start } of measurements(engine, asked)) yield { form, place, report: await start(signal) };
}
