// The forecast for int8 weights: both forms rounded, each layer run alone with its rounded weights and all of them together, whoever asks.
import type { Engine } from '@shared/compute/engine';
import { mergedCauses, outlierOf, ownCauses, type Cause } from '@shared/cost/int8/outliers';
import { INT8_METHOD, type Int8Form, type Int8Layer, type Int8Report } from '@shared/cost/int8/report';
import { roundNetwork, withRounded, type RoundedNetwork } from '@shared/cost/int8/round-network';
import { mergeNetworkAsync, type WeightedNetwork } from '@shared/merge/merge-network';
import { leafParameters } from '@shared/model/parameters';
import { leavesOf } from '@shared/model/walk';
import { argMaxAgreement } from '@shared/proof/compare-arrays';
import { seededInput } from '@shared/proof/seeded-inputs';
import { decibels, INT8_SCALES, type Int8Scales } from '@shared/tensor/int8';
import type { Seed } from '@shared/tensor/random';
import type { FloatTensor, Tensor } from '@shared/tensor/tensor';
import type { BackendChoice } from '@shared/training/recipe/recipe';

export interface Int8Choice {
  readonly seed: Seed;
  readonly batch: number;
  readonly backend: BackendChoice;
  /** Hears what is under way. */
  readonly onProgress?: (what: string) => void;
  readonly signal?: AbortSignal;
}

type Computing = Pick<Engine, 'forward' | 'int8'>;

/** Forecasts for the forms there are. Rejects with UserError where the weights do not fit. */
export async function forecastInt8(network: WeightedNetwork, engine: Computing, choice: Int8Choice): Promise<Int8Report> {
  const { spec, weights } = network;
  const input = seededInput(spec, choice.batch, choice.seed, 'int8-input');
  const forms = [{ ...network, causes: ownCauses as (name: string) => Cause }];
  if (spec.form === 'train') {
    choice.onProgress?.('merging');
    const merged = await mergeNetworkAsync(spec, weights, { signal: choice.signal });
    forms.push({ ...merged, causes: mergedCauses(network) });
  }
  const found: Int8Form[] = [];
  let backend = '';
  for (const form of forms) {
    const one = await forecastForm(form, form.causes, engine, { ...choice, input });
    found.push(one.form);
    backend = one.backend;
  }
  return {
    model: spec.name,
    inputs: { source: 'standard normal', shape: [...input.shape], seed: choice.seed },
    method: INT8_METHOD,
    backend,
    forms: found,
  };
}

interface Running extends Int8Choice {
  readonly input: FloatTensor;
}

async function forecastForm(
  network: WeightedNetwork,
  causes: (name: string) => Cause,
  engine: Computing,
  { input, backend, signal, onProgress }: Running,
): Promise<{ readonly form: Int8Form; readonly backend: string }> {
  const { spec, weights } = network;
  onProgress?.(`rounding the weights of the ${spec.form} form`);
  const rounded = roundNetwork(network);
  onProgress?.(`running each layer of the ${spec.form} form with rounded weights`);
  const alone = await engine.int8({ spec, weights, rounded: INT8_SCALES.map((scales) => rounded[scales]), input, backend }, { signal });
  const layers = alone.layers.map((layer): Int8Layer => layerOf(layer, network, rounded, causes));
  onProgress?.(`running the ${spec.form} form with all weights rounded`);
  const run = async (own: WeightedNetwork['weights']): Promise<FloatTensor> =>
    (await engine.forward({ spec, weights: own, input, backend, layers: false }, { signal })).output;
  const exact = await run(weights);
  const together = new Map<Int8Scales, FloatTensor>();
  for (const scales of INT8_SCALES) together.set(scales, await run(withRounded(weights, rounded[scales])));
  const each = <T>(of: (output: FloatTensor) => T) => ({
    tensor: of(together.get('tensor') as FloatTensor),
    channel: of(together.get('channel') as FloatTensor),
  });
  const agreement = each((output) => argMaxAgreement(exact, output));
  const changed =
    agreement.tensor === null || agreement.channel === null ? null : { tensor: 1 - agreement.tensor, channel: 1 - agreement.channel };
  return { form: { form: spec.form, layers, snr: each((output) => outputSnr(exact, output)), changed }, backend: alone.backend };
}

type AloneLayer = Awaited<ReturnType<Engine['int8']>>['layers'][number];

function layerOf(
  { path, signal, outputs, rounded }: AloneLayer,
  { spec, weights }: WeightedNetwork,
  own: RoundedNetwork,
  causes: (name: string) => Cause,
): Int8Layer {
  const visit = leavesOf(spec).find((leaf) => leaf.path === path);
  if (visit === undefined) throw new Error(`no layer ${path} in ${spec.name}`);
  const [tensor, channel] = rounded;
  const names = leafParameters(visit.layer, path).flatMap(({ name }) => (own.tensor.has(name) ? [name] : []));
  return {
    path: path === '' ? spec.name : path,
    kind: visit.layer.kind,
    snr: { tensor: decibels(signal, tensor.noise), channel: decibels(signal, channel.noise) },
    changed: { tensor: tensor.changed / outputs, channel: channel.changed / outputs },
    weights: names.map((name) => {
      const weight = weights.get(name) as Tensor;
      const snr = own.snr.get(name);
      if (snr === undefined) throw new Error(`${name} was not rounded`);
      return { name, shape: [...weight.shape], snr, outlier: outlierOf(weight, causes(name)) };
    }),
  };
}

function outputSnr({ data }: FloatTensor, { data: rounded }: FloatTensor): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    signal += data[i] * data[i];
    noise += (data[i] - rounded[i]) ** 2;
  }
  return decibels(signal, noise);
}
