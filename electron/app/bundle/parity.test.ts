import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '@shared/compute/create-engine';
import { createSession } from '@shared/compute/session/create-session';
import type { Engine } from '@shared/compute/engine';
import { withoutDropout } from '@shared/compute/parity-request';
import { initialWeights } from '@shared/model/initialise';
import { parametersOf } from '@shared/model/parameters';
import { parseNetworkSpec } from '@shared/model/schema';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import type { FloatTensor, NamedTensors } from '@shared/tensor/tensor';
import { recipe } from '@shared/training/recipe/recipes';
import { learningRateAt } from '@shared/training/recipe/schedule';
import { installedWasmFiles, largestDifference, openForTest } from '../../../tests/engine';
import { referencePass } from '../../../testing/reference64/reference-pass';
import { computeParity, parityBatch, paritySamples } from './parity';

let engine: Engine;
beforeAll(
  () => void (engine = createEngine({ openDataset: () => Promise.reject(new Error('no data here')), wasmFiles: installedWasmFiles() })),
);
afterAll(() => engine.dispose());

const spec = parseNetworkSpec(
  JSON.parse(readFileSync(new URL('../../../tests/reference/pytorch/output/spec.json', import.meta.url), 'utf8')),
);
const own = { ...recipe('shapes-short'), ema: 0.99 };
const choice = { recipe: own, seed: seed(4), samples: 4, backend: 'cpu' } as const;
const weights = initialWeights(spec, seed(4));

const numbers = (tensors: NamedTensors, name: string): number[] => Array.from(tensors.get(name)?.data as Float64Array, Number);

describe('parity numbers', () => {
  it('are those of a training session given the same batch, rates and recipe', async () => {
    const { tensors, metadata } = await computeParity(engine, spec, weights, choice);
    const instead = JSON.parse(metadata.instead) as { weight_decay: number; clip_grad: null; model_ema_decay: number };
    await openForTest('cpu');
    const optimizer = { ...own.optimizer, weightDecay: instead.weight_decay };
    const taken = { ...own, optimizer, ema: instead.model_ema_decay };
    const session = createSession({ spec: withoutDropout(spec), weights, recipe: taken, seed: seed(0), backend: 'cpu' });
    const losses: number[] = [];
    for (const rate of numbers(tensors, 'rates')) losses.push((await session.step(parityBatch(spec, own, seed(4), 4), rate).read()).loss);
    const [average, state] = [await session.weights(), await session.state()];
    session.dispose();
    expect(numbers(tensors, 'losses')).toEqual(losses);
    for (const { name, role } of parametersOf(spec)) {
      expect(tensors.get(`average.${name}`)?.data, name).toEqual(average.get(name)?.data);
      if (role !== 'counter') expect(tensors.get(`after10.${name}`)?.data, name).toEqual(state.get(`trained.${name}`)?.data);
      expect(tensors.has(`after1.${name}`), name).toBe(true);
    }
  });

  it('begin with the outputs of the double-precision reference', async () => {
    const { tensors } = await computeParity(engine, spec, weights, choice);
    const images = tensors.get('input.images') as FloatTensor;
    const { output } = await referencePass({ spec, weights }, images);
    const found = tensors.get('outputs.before')?.data as Float32Array;
    // Values around 1, some twenty layers in float32.
    expect(largestDifference(found, output.data)).toBeLessThan(1e-4);
  });

  it("hold the recipe's learning rates all over a run, warm-up and end included", async () => {
    const scheduled = { ...choice, recipe: recipe('repmlpnet-paper') };
    const { tensors } = await computeParity(engine, spec, weights, scheduled);
    const [places, rates] = [numbers(tensors, 'schedule.iterations'), numbers(tensors, 'schedule.rates')];
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(100 * 1000 - 1);
    expect(places.filter((place) => place < 10_000).length).toBeGreaterThan(100);
    places.forEach((place, i) =>
      expect(rates[i]).toBe(learningRateAt(scheduled.recipe.schedule, place, { stepsPerEpoch: 1000, epochs: 100 })),
    );
  });

  it('go far enough that decay, clipping and average show: all are active where the recipe has them, and only there', async () => {
    const insteadOf = async (changes: Partial<typeof own>): Promise<Record<string, number | null>> => {
      const { metadata } = await computeParity(engine, spec, weights, { ...choice, recipe: { ...own, ...changes } });
      return JSON.parse(metadata.instead) as Record<string, number | null>;
    };
    const all = await insteadOf({ clipNorm: 5 });
    expect(all.weight_decay).toBeGreaterThan(0);
    expect(all.clip_grad).toBeGreaterThan(0);
    const none = await insteadOf({ optimizer: { ...own.optimizer, weightDecay: 0 } as typeof own.optimizer });
    expect(none).toMatchObject({ weight_decay: 0, clip_grad: null });
  });
});

describe('the samples of a parity batch', () => {
  it('are fewer for large networks, and none for what does not fit in memory', () => {
    expect(paritySamples(buildModel('pure-mlp-small'))).toBe(8);
    expect(paritySamples(buildModel('pspnet50'))).toBeNull();
  });
});
