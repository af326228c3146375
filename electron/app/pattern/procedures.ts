// What a network looks at, for a window, on the engine in use.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import { seed } from '@shared/tensor/random';
import type { Studio } from '../studio';
import { receptiveField } from './receptive-field';

/** Implements `pattern` of the contract. */
export function patternProcedures({ weights, engines }: Studio) {
  const pattern = implement(studioContract.pattern);
  return {
    receptiveField: pattern.receptiveField.handler(async ({ input, signal }) => {
      const network = await weights.load(input.weights);
      const { engine, place } = await engines.current();
      const { layer, count, seed: from } = input;
      const asked = { layer, count, seed: seed(from), backend: 'auto', locality: true } as const;
      const report = await receptiveField(network, engine, asked, { signal });
      return { ...report, backend: `${report.backend}, ${place}` };
    }),
  };
}
