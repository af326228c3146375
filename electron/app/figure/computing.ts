// What figures need an engine for: gradients and rounded forward passes. The last answers are kept, so that a figure is not computed
// again when only its layout changes; they are of the network's own tensors, so that a file that changed is computed anew.
import { LRUCache } from 'lru-cache';
import { UserError } from '@shared/base/user-error';
import type { Engine } from '@shared/compute/engine';
import type { FigureSources } from '@shared/figure/kind';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import { crc32 } from 'node:zlib';
import { seed } from '@shared/tensor/random';
import { forecastInt8 } from '../cost/int8';
import { receptiveField } from '../pattern/receptive-field';

type FieldAsked = Parameters<FigureSources['receptiveField']>[1];
type Int8Asked = Parameters<FigureSources['int8']>[1];

export interface FigureComputing {
  receptiveField(network: WeightedNetwork, asked: FieldAsked): ReturnType<FigureSources['receptiveField']>;
  int8(network: WeightedNetwork, asked: Int8Asked): ReturnType<FigureSources['int8']>;
}

const refuse = (): Promise<never> => Promise.reject(new UserError('this figure is computed by an engine, and there is none here'));
export const withoutEngine: FigureComputing = { receptiveField: refuse, int8: refuse };

/** Answers kept. */
const KEPT = 4;

/** Computes with the engine that `use` gives for the time of a piece of work. */
export function figureComputing(use: <T>(work: (engine: Engine) => Promise<T>) => Promise<T>): FigureComputing {
  const kept = new LRUCache<string, Promise<unknown> & object>({ max: KEPT });
  const once = <T>(key: string, compute: () => Promise<T>): Promise<T> => {
    const found = (kept.get(key) as Promise<T> | undefined) ?? compute();
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    return found;
  };
  return {
    receptiveField: (network, asked) =>
      once(`field ${keyOf(network)} ${JSON.stringify(asked)}`, () =>
        use((engine) => receptiveField(network, engine, { ...asked, seed: seed(asked.seed), backend: 'auto', locality: true })),
      ),
    int8: (network, asked) =>
      once(`int8 ${keyOf(network)} ${JSON.stringify(asked)}`, () =>
        use((engine) => forecastInt8(network, engine, { ...asked, seed: seed(asked.seed), backend: 'auto' })),
      ),
  };
}

function keyOf({ spec, weights }: WeightedNetwork): string {
  const sum = [...weights.values()].reduce(
    (before, { data }) => crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before),
    0,
  );
  return `${JSON.stringify(spec)} ${sum}`;
}
