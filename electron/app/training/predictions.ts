// What a network says of single samples: class and probability of pictures, class maps of scenes,
// similarity of face pairs. The engine computes the outputs; here they are judged. Scenes are given to it as
// an evaluation gives them: whole at the network's input size, or in sliding windows at their own.
import { joinedBytes } from '@shared/base/joined-bytes';
import type { PicturesUrl, Predictions, WeightsReference } from '@shared/link/studio';
import {
  type DatasetReference,
  type DatasetSplits,
  type FacePair,
  type Sample,
  type SampleSource,
  type SettledDataset,
  IGNORED,
} from '@shared/dataset/dataset';
import type { Engine } from '@shared/compute/engine';
import type { TrainingSession } from '@shared/training/loop/session';
import type { WeightedNetwork } from '@shared/merge/merge-network';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { floatTensor } from '@shared/tensor/tensor';
import { type Answer, answersOf, batchOf, type SceneView } from '@shared/training/evaluation/answers';
import { imageBatch } from '@shared/training/batches/batch';
import { embeddingNetwork } from '@shared/training/evaluation/evaluate-faces';
import { seenText } from '@shared/training/evaluation/evaluate-network';
import { similarity } from '@shared/training/evaluation/face-metrics';
import { checkFit } from '@shared/training/recipe/fit';
import type { Size } from '@shared/dataset/pixels/geometry';
import { argMax, crossEntropyAt } from '@shared/training/evaluation/confusion';
import { UserError } from '@shared/base/user-error';
import type { BulkStore } from '../bulk';
import type { PlacedEngine } from '../engines';
import type { Studio } from '../studio';

interface Asked {
  readonly weights: WeightsReference;
  readonly dataset: DatasetReference;
  readonly view: SceneView;
  readonly first: number;
  readonly count: number;
}

/** A network that answers batches. */
interface Answering extends Pick<TrainingSession, 'predict'> {
  readonly spec: NetworkSpec;
}

type Range = Pick<Asked, 'first' | 'count'>;

/** Most samples at once: a page of the window. */
const MOST = 64;
/** Most scenes at once at their own size, which may be that of a photograph. */
const MOST_LARGE = 4;

/** Predictions on samples of the validation split, or on pairs where a face data set brings them. Rejects with UserError where they do not fit. */
/** What of the service predictions need. */
interface Answers {
  readonly weights: { load(reference: WeightsReference): Promise<WeightedNetwork> };
  readonly engines: { current(): Promise<Pick<PlacedEngine, 'engine'>> };
  readonly datasets: Pick<Studio['datasets'], 'open'> & {
    settle(reference: DatasetReference, task: Task): Promise<Pick<SettledDataset, 'reference'>>;
  };
  readonly bulk: BulkStore;
}

export async function predictions({ weights, engines, datasets, bulk }: Answers, asked: Asked): Promise<Predictions> {
  const network = await weights.load(asked.weights);
  const { spec } = network;
  const { reference } = await datasets.settle(asked.dataset, spec.task);
  const view = spec.task === 'segmentation' ? asked.view : 'whole';
  const [splits, { engine }] = await Promise.all([
    datasets.open(reference, view === 'sliding' ? undefined : { fit: spec.input }),
    engines.current(),
  ]);
  if (spec.task === 'face' && splits.verification)
    return pairs(bulk, answering(engine, embeddingNetwork(spec, network.weights)), splits.verification, asked);
  checkFit(spec, splits.validation);
  const scenic = splits.validation.task === 'segmentation';
  return (scenic ? scenes : classes)(bulk, answering(engine, network), splits.validation, { ...asked, view });
}

function answering(engine: Engine, { spec, weights }: WeightedNetwork): Answering {
  const predict: Answering['predict'] = async (images, shape) => {
    const { output } = await engine.forward({ spec, weights, input: floatTensor(shape, images), backend: 'auto', layers: false });
    return output.data;
  };
  return { spec, predict };
}

/** `count` places from `first` on that exist. Throws UserError if there are none. */
function places(first: number, count: number, total: number): number[] {
  const end = Math.min(total, first + count);
  if (first >= end) throw new UserError(`there are ${total} samples, asked for number ${first + 1}`);
  return Array.from({ length: end - first }, (_, i) => first + i);
}

async function classes(bulk: BulkStore, network: Answering, source: SampleSource, { first, count }: Range): Promise<Predictions> {
  const samples = await source.read(places(first, Math.min(MOST, count), source.count));
  const output = await outputOf(network, samples, source);
  const length = output.length / samples.length;
  const judged = samples.map(({ label }, n) => {
    const best = argMax(output, n * length, length);
    const probability = Math.exp(-crossEntropyAt(output, n * length, length, best));
    return { label: source.classes[label as number], predicted: source.classes[best], probability, right: best === label };
  });
  return { kind: 'classes', total: source.count, pictures: pictures(bulk, samples), samples: judged };
}

/** Of samples in the network's input size. */
function outputOf(network: Answering, samples: readonly Sample[], source: SampleSource): Promise<Float32Array> {
  const { images, shape } = imageBatch(samples, source);
  return network.predict(images, shape);
}

async function scenes(
  bulk: BulkStore,
  network: Answering,
  source: SampleSource,
  { first, count, view }: Range & Pick<Asked, 'view'>,
): Promise<Predictions> {
  const most = view === 'sliding' ? MOST_LARGE : MOST;
  const samples = ofOneSize(await source.read(places(first, Math.min(most, count), source.count)));
  const truths = samples.map(({ label }) => label as Uint8Array);
  const predicted = await classMaps(network, samples, source, view);
  const url = (maps: readonly Uint8Array[]): string => bulk.add({ kind: 'bytes', bytes: joinedBytes(maps) });
  return {
    kind: 'scenes',
    total: source.count,
    pictures: pictures(bulk, samples),
    truth: url(truths),
    predicted: url(predicted),
    classes: source.classes,
    right: truths.map((truth, n) => shareRight(truth, predicted[n])),
    seen: view === 'sliding' ? seenText(network.spec, source, view) : resizedText(source.image, network.spec.input),
  };
}

/** Those up to the first one of another size: pictures are handed over together, and the next page goes on from there. */
function ofOneSize(samples: readonly Sample[]): readonly Sample[] {
  const [{ height, width }] = samples;
  const other = samples.findIndex((sample) => sample.height !== height || sample.width !== width);
  return other < 0 ? samples : samples.slice(0, other);
}

/** The class of each pixel, scene by scene; scores are kept only of those that are run at once. */
async function classMaps(network: Answering, samples: readonly Sample[], source: SampleSource, view: SceneView): Promise<Uint8Array[]> {
  const { input } = network.spec;
  const atOnce = view === 'sliding' ? 1 : batchOf(source, input, samples.length);
  const maps: Uint8Array[] = [];
  for (let from = 0; from < samples.length; from += atOnce) {
    const answers = await answersOf(network, samples.slice(from, from + atOnce), source, { input, view, scale: 1 });
    maps.push(...answers.map(classMap));
  }
  return maps;
}

function classMap({ scores, classes: count, places: pixels }: Answer): Uint8Array {
  return Uint8Array.from({ length: pixels }, (_, pixel) => argMax(scores, pixel, count, pixels));
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

async function pairs(bulk: BulkStore, network: Answering, test: Verification, { first, count }: Range): Promise<Predictions> {
  const shown = inTurn(test.pairs);
  const chosen = places(first, Math.min(MOST / 2, count), shown.length).map((place) => shown[place]);
  const samples = await test.images.read(chosen.flatMap((pair) => [pair.first, pair.second]));
  const output = await outputOf(network, samples, test.images);
  const embeddings = { values: output, length: output.length / samples.length };
  const judged = chosen.map(({ same }, n) => ({ same, similarity: similarity(embeddings, 2 * n, 2 * n + 1) }));
  return { kind: 'pairs', total: shown.length, pictures: pictures(bulk, samples), pairs: judged };
}

function pictures(bulk: BulkStore, samples: readonly Sample[]): PicturesUrl {
  const { height, width, channels } = samples[0];
  const bytes = joinedBytes(samples.map(({ pixels }) => pixels));
  return { url: bulk.add({ kind: 'bytes', bytes }), count: samples.length, height, width, channels };
}
