// What a network says of single samples: class and probability of pictures, class maps of scenes,
// similarity of face pairs. The engine computes the outputs; here they are judged.
import type { PicturesUrl, Predictions, WeightsReference } from '@shared/contract/studio';
import type { DatasetReference, DatasetSplits, FacePair, Sample, SampleSource } from '@shared/dataset/dataset';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import type { NetworkSpec } from '@shared/model/spec';
import { floatTensor } from '@shared/tensor/tensor';
import { imageBatch } from '@shared/training/batch';
import { embeddingNetwork } from '@shared/training/evaluate-faces';
import { similarity } from '@shared/training/face-metrics';
import { checkFit } from '@shared/training/fit';
import type { Size } from '@shared/training/geometry';
import { argMax, crossEntropyAt, IGNORED } from '@shared/training/metrics';
import { UserError } from '@shared/user-error';
import type { BulkStore } from '../bulk';
import type { Studio } from '../studio';

interface Asked {
  readonly weights: WeightsReference;
  readonly dataset: DatasetReference;
  readonly first: number;
  readonly count: number;
}

/** Samples that were run through a network. */
interface Seen {
  readonly samples: readonly Sample[];
  readonly source: SampleSource;
  readonly output: Float32Array;
}

type Run = (network: WeightedNetwork, source: SampleSource, indices: readonly number[]) => Promise<Seen>;

/** Most samples at once: a page of the window. */
const MOST = 64;

/** Predictions on samples of the validation split, or on pairs where a face data set brings them. Rejects with UserError where they do not fit. */
export async function predictions(
  { weights, engines, datasets, bulk }: Studio,
  { weights: reference, dataset, first, count }: Asked,
): Promise<Predictions> {
  const network = await weights.load(reference);
  const { reference: settled } = await datasets.settle(dataset, network.spec.task);
  const [splits, { engine }] = await Promise.all([datasets.open(settled, { fit: network.spec.input }), engines.current()]);
  const run: Run = async ({ spec, weights: values }, source, indices) => {
    const samples = await source.read(indices);
    const { images, shape } = imageBatch(samples, source);
    const { output } = await engine.forward({ spec, weights: values, input: floatTensor(shape, images), backend: 'auto', layers: false });
    return { samples, source, output: output.data };
  };
  if (network.spec.task === 'face' && splits.verification) return pairs(bulk, network, splits.verification, run, { first, count });
  checkFit(network.spec, splits.validation);
  const seen = await run(network, splits.validation, places(first, count, splits.validation.count));
  const { spec } = network;
  return splits.validation.task === 'segmentation' ? scenes(bulk, seen, spec) : classes(bulk, seen);
}

/** `count` places from `first` on that exist. Throws UserError if there are none. */
function places(first: number, count: number, total: number): number[] {
  const end = Math.min(total, first + Math.min(MOST, count));
  if (first >= end) throw new UserError(`there are ${total} samples, asked for number ${first + 1}`);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function classes(bulk: BulkStore, { samples, source, output }: Seen): Predictions {
  const length = output.length / samples.length;
  const judged = samples.map(({ label }, n) => {
    const best = argMax(output, n * length, length);
    const probability = Math.exp(-crossEntropyAt(output, n * length, length, best));
    return { label: source.classes[label as number], predicted: source.classes[best], probability, right: best === label };
  });
  return { kind: 'classes', pictures: pictures(bulk, samples), samples: judged };
}

function scenes(bulk: BulkStore, { samples, source, output }: Seen, spec: NetworkSpec): Predictions {
  const plane = samples[0].height * samples[0].width;
  const length = output.length / samples.length / plane;
  const predicted = Uint8Array.from({ length: samples.length * plane }, (_, at) => {
    const n = Math.floor(at / plane);
    return argMax(output, n * length * plane + (at % plane), length, plane);
  });
  const truth = joined(samples.map(({ label }) => label as Uint8Array));
  const right = samples.map((_, n) => shareRight(truth.subarray(n * plane, (n + 1) * plane), predicted.subarray(n * plane)));
  const url = (bytes: Uint8Array<ArrayBuffer>): string => bulk.add({ kind: 'bytes', bytes });
  return {
    kind: 'scenes',
    pictures: pictures(bulk, samples),
    truth: url(truth),
    predicted: url(predicted),
    classes: source.classes,
    right,
    seen: resizedText(source.image, spec.input),
  };
}

function resizedText(own: Size, fed: Size): string {
  if (own.height === fed.height && own.width === fed.width) return `scenes of ${own.width}x${own.height}, as they are`;
  return `scenes of ${own.width}x${own.height}, resized whole to ${fed.width}x${fed.height}`;
}

function shareRight(truth: Uint8Array, predicted: Uint8Array): number {
  let [right, counted] = [0, 0];
  truth.forEach((label, pixel) => {
    if (label === IGNORED) return;
    counted++;
    if (label === predicted[pixel]) right++;
  });
  return counted === 0 ? 0 : right / counted;
}

type Verification = NonNullable<DatasetSplits['verification']>;

/** Pairs of one person and of two in turn, so that every page has both; a list of pairs has hundreds of the one before the other. */
function inTurn(pairs: readonly FacePair[]): FacePair[] {
  const [same, different] = [true, false].map((kind) => pairs.filter((pair) => pair.same === kind));
  const longest = Math.max(same.length, different.length);
  return Array.from({ length: longest }, (_, i) => [...same.slice(i, i + 1), ...different.slice(i, i + 1)]).flat();
}

async function pairs(
  bulk: BulkStore,
  network: WeightedNetwork,
  test: Verification,
  run: Run,
  range: Pick<Asked, 'first' | 'count'>,
): Promise<Predictions> {
  const shown = inTurn(test.pairs);
  const chosen = places(range.first, Math.min(MOST / 2, range.count), shown.length).map((place) => shown[place]);
  const indices = chosen.flatMap(({ first, second }) => [first, second]);
  const { samples, output } = await run(embeddingNetwork(network.spec, network.weights), test.images, indices);
  const embeddings = { values: output, length: output.length / samples.length };
  const judged = chosen.map(({ same }, n) => ({ same, similarity: similarity(embeddings, 2 * n, 2 * n + 1) }));
  return { kind: 'pairs', pictures: pictures(bulk, samples), pairs: judged };
}

function pictures(bulk: BulkStore, samples: readonly Sample[]): PicturesUrl {
  const { height, width, channels } = samples[0];
  const bytes = joined(samples.map(({ pixels }) => pixels));
  return { url: bulk.add({ kind: 'bytes', bytes }), count: samples.length, height, width, channels };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}
