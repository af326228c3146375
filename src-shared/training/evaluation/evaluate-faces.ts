// Face networks judged as the paper judges them: the embedding of each test picture, then verification of
// pairs and identification among distractors. The embedding is the network without its cosine classifier.
import type { DatasetSplits, Identification, SampleSource, VerificationPairs } from '../../dataset/dataset';
import type { TrainingSession } from '../loop/session';
import { parametersOf } from '../../model/parameters';
import type { NetworkSpec } from '../../model/spec';
import type { NamedTensors, Tensor } from '../../tensor/tensor';
import { batchOf } from './answers';
import { imageBatch } from '../batches/batch';
import { yieldToEvents } from '../../base/yield-to-events';
import {
  areaUnder,
  type Embeddings,
  pairScores,
  mateSimilarities,
  rankOneRate,
  rocCurve,
  trueAcceptsAt,
  verificationAccuracy,
} from './face-metrics';
import type { FaceReport } from './face-report';
import { type Size, fitTo } from '../../dataset/pixels/geometry';
import { inOrder } from '../batches/in-order';

/** Rates of false accepts at which true accepts are told; a test of few pairs cannot resolve the small ones. */
const FALSE_ACCEPT_RATES = [0.1, 0.01, 0.001] as const;

/** The network without its cosine classifier: its output is the embedding. One without a classifier is returned as it is. */
export function embeddingSpec(spec: NetworkSpec): NetworkSpec {
  if (spec.layers.at(-1)?.kind !== 'cosineLinear') return spec;
  const { order, ...network } = spec;
  return { ...network, layers: spec.layers.slice(0, -1), ...(order && { order: order.slice(0, -1) }) };
}

/** The network that ends at the embedding, and its weights. A network without a classifier is returned as it is. */
export function embeddingNetwork(spec: NetworkSpec, weights: NamedTensors): { spec: NetworkSpec; weights: NamedTensors } {
  const embedding = embeddingSpec(spec);
  if (embedding === spec) return { spec, weights };
  const kept = parametersOf(embedding).map(({ name }): [string, Tensor] => [name, weights.get(name) as Tensor]);
  return { spec: embedding, weights: new Map(kept) };
}

type Embedder = Pick<TrainingSession, 'predict'>;
type FaceTests = Pick<DatasetSplits, 'verification' | 'identification'>;

/** Runs the tests of `splits` on an embedding network. Yields how many pictures it has just done. */
export async function* evaluateFaces(
  embedder: Embedder,
  { verification, identification }: FaceTests,
  batchSize: number,
  input: Size,
): AsyncGenerator<number, FaceReport> {
  return {
    ...(verification && { verification: verify(yield* embed(embedder, verification.images, batchSize, input), verification) }),
    ...(identification && {
      identification: await identify(yield* embed(embedder, identification.images, batchSize, input), identification),
    }),
  };
}

/** How many pictures the tests of a data set have. */
export function facePictures({ verification, identification }: FaceTests): number {
  return (verification?.images.count ?? 0) + (identification?.images.count ?? 0);
}

function verify({ embeddings }: Embedded, { pairs }: VerificationPairs): FaceReport['verification'] {
  const scores = pairScores(embeddings, pairs);
  const roc = rocCurve(scores);
  const { accuracy, deviation, folds } = verificationAccuracy(scores);
  return {
    pairs: scores.length,
    differentPairs: scores.filter(({ same }) => !same).length,
    folds: folds.length,
    accuracy,
    deviation,
    trueAccepts: FALSE_ACCEPT_RATES.map((falseAcceptRate) => ({ falseAcceptRate, rate: trueAcceptsAt(roc, falseAcceptRate) })),
    roc,
    area: areaUnder(roc),
    similarities: scores.map((score) => score.similarity),
  };
}

async function identify({ embeddings, labels }: Embedded, test: Identification): Promise<FaceReport['identification']> {
  return {
    probes: test.probes.length,
    distractors: test.distractors.length,
    rankOne: await rankOneRate(embeddings, labels, test),
    similarities: mateSimilarities(embeddings, labels, test.probes),
  };
}

interface Embedded {
  readonly embeddings: Embeddings;
  readonly labels: readonly number[];
}

/** Embeddings and labels of all samples, in order. */
async function* embed(embedder: Embedder, source: SampleSource, batchSize: number, input: Size): AsyncGenerator<number, Embedded> {
  const parts: Float32Array[] = [];
  const labels: number[] = [];
  for await (const { samples } of inOrder(source, batchOf(source, input, batchSize))) {
    const fitted = samples.map((sample) => fitTo(sample, input));
    const { images, shape } = imageBatch(fitted, source);
    parts.push(await embedder.predict(images, shape));
    labels.push(...samples.map(({ label }) => label as number));
    yield samples.length;
    await yieldToEvents();
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (values.set(part, at), at + part.length), 0);
  return { embeddings: { values, length: values.length / source.count }, labels };
}
