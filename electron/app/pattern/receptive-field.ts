// The effective receptive field of both forms of a network, with the locality of its blocks beside it, whoever asks.
import type { Engine } from '@shared/compute/engine';
import { mergeNetworkAsync, type WeightedNetwork } from '@shared/merge/merge-network';
import { isRepBlock } from '@shared/model/spec';
import { leavesOf } from '@shared/model/walk';
import { analyseNetwork } from '@shared/pattern/analyse';
import { headlineOf } from '@shared/pattern/compare';
import {
  centreOf,
  centrePixel,
  centrePlace,
  measureField,
  RECEPTIVE_FIELD_METHOD,
  type ReceptiveField,
  type ReceptiveFieldReport,
} from '@shared/pattern/receptive-field';
import { seededInput } from '@shared/proof/seeded-inputs';
import type { Seed } from '@shared/tensor/random';
import type { Watch } from '@shared/tensor/parts';
import type { BackendChoice } from '@shared/training/recipe/recipe';

export interface FieldQuestion {
  /** Whose centre is looked from; the last map where it is null. */
  readonly layer: string | null;
  /** One form alone; both where the weights are in train form and it is left out. */
  readonly form?: 'train' | 'merged';
  readonly seed: Seed;
  /** How many inputs the gradient is averaged over. */
  readonly count: number;
  readonly backend: BackendChoice;
  /** Whether the blocks' locality is told, too. */
  readonly locality: boolean;
}

/** How many inputs say enough where nobody asks for more: the mean over them varies by a few per cent. */
export const USUAL_INPUTS = 8;

/** Rejects with UserError where the layer or the form is not there. */
export async function receptiveField(
  network: WeightedNetwork,
  engine: Pick<Engine, 'receptiveField'>,
  asked: FieldQuestion,
  watch: Watch = {},
): Promise<ReceptiveFieldReport> {
  const { spec } = network;
  const centre = centreOf(spec, asked.layer);
  const inputSize = [spec.input.height, spec.input.width] as const;
  const pixel = centrePixel(centre.shape, inputSize);
  const input = seededInput(spec, asked.count, asked.seed, 'receptive-field-input');
  const networks = await formsOf(network, asked, watch.signal);
  const forms: ReceptiveField[] = [];
  let backend = '';
  for (const [index, own] of networks.entries()) {
    const onProgress = (done: number, total: number): void => watch.onProgress?.(index * total + done, networks.length * total);
    const found = await engine.receptiveField(
      { ...own, input, layer: asked.layer, backend: asked.backend },
      { signal: watch.signal, onProgress },
    );
    forms.push(measureField(own.spec.form, found.map.data, inputSize, pixel));
    backend = found.backend;
  }
  return {
    model: spec.name,
    from: centre.text,
    map: [...centre.shape],
    centre: [...centrePlace(centre.shape)],
    pixel: [...pixel],
    inputSize: [...inputSize],
    inputs: { source: 'standard normal', count: asked.count, seed: asked.seed },
    method: RECEPTIVE_FIELD_METHOD,
    backend,
    forms,
    locality: asked.locality ? await localityOf(network) : [],
  };
}

async function formsOf(network: WeightedNetwork, { form }: FieldQuestion, signal: AbortSignal | undefined): Promise<WeightedNetwork[]> {
  const { spec, weights } = network;
  if (spec.form === 'merged' || form === 'train') return [network];
  const merged = await mergeNetworkAsync(spec, weights, { signal });
  return form === 'merged' ? [merged] : [network, merged];
}

async function localityOf({ spec, weights }: WeightedNetwork): Promise<ReceptiveFieldReport['locality']> {
  if (!leavesOf(spec).some(({ layer }) => isRepBlock(layer) && layer.form === 'train')) return [];
  const blocks = await analyseNetwork(spec, weights, {});
  const numbers = (pattern: (typeof blocks)[number]['before']) => {
    const { invariantShare, halfEnergyRadius, longRangeShare } = headlineOf(pattern);
    return { invariantShare, halfEnergyRadius, longRangeShare };
  };
  return blocks.map(({ path, before, after }) => ({ path, before: numbers(before), after: numbers(after) }));
}
