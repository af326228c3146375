// Face networks judged as the paper judges them: the embedding of each test picture, then verification of
// pairs and identification among distractors. The embedding is the network without its cosine classifier.
import type { DatasetSplits, SampleSource } from '../dataset/dataset';
import type { TrainingSession } from '../engine/session';
import { parametersOf } from '../model/parameters';
import type { NetworkSpec } from '../model/spec';
import type { NamedTensors, Tensor } from '../tensor/tensor';
import { imageBatch } from './batch';
import { breathe } from './breathe';
import { type Embeddings, type RocPoint, pairScores, rankOneRate, rocCurve, trueAcceptsAt, verificationAccuracy } from './face-metrics';
import { type Size, fitTo } from './geometry';

/** Rates of false accepts at which true accepts are told; a test of few pairs cannot resolve the small ones. */
const FALSE_ACCEPT_RATES = [0.1, 0.01, 0.001] as const;

/** Result of the face tests a data set brings. */
export interface FaceReport {
  readonly verification?: {
    readonly pairs: number;
    readonly accuracy: number;
    /** Standard deviation of the folds' accuracies. */
    readonly deviation: number;
    readonly trueAccepts: readonly { readonly falseAcceptRate: number; readonly rate: number }[];
    readonly roc: readonly RocPoint[];
    /** Similarity of each pair, in the order of the data set's pairs. */
    readonly similarities: readonly number[];
  };
  readonly identification?: { readonly probes: number; readonly distractors: number; readonly rankOne: number };
}

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

/** Runs the tests of `splits` on an embedding network. */
export async function evaluateFaces(
  embedder: Pick<TrainingSession, 'predict'>,
  { verification, identification }: Pick<DatasetSplits, 'verification' | 'identification'>,
  batchSize: number,
  input: Size,
): Promise<FaceReport> {
  const report: { -readonly [Key in keyof FaceReport]: FaceReport[Key] } = {};
  if (verification) {
    const { embeddings } = await embed(embedder, verification.images, batchSize, input);
    const scores = pairScores(embeddings, verification.pairs);
    const roc = rocCurve(scores);
    const trueAccepts = FALSE_ACCEPT_RATES.map((falseAcceptRate) => ({ falseAcceptRate, rate: trueAcceptsAt(roc, falseAcceptRate) }));
    const { accuracy, deviation } = verificationAccuracy(scores);
    const similarities = scores.map((score) => score.similarity);
    report.verification = { pairs: scores.length, accuracy, deviation, trueAccepts, roc, similarities };
  }
  if (identification) {
    const { embeddings, labels } = await embed(embedder, identification.images, batchSize, input);
    const rankOne = rankOneRate(embeddings, labels, identification);
    report.identification = { probes: identification.probes.length, distractors: identification.distractors.length, rankOne };
  }
  return report;
}

/** Embeddings and labels of all samples, in order. */
async function embed(
  embedder: Pick<TrainingSession, 'predict'>,
  source: SampleSource,
  batchSize: number,
  input: Size,
): Promise<{ embeddings: Embeddings; labels: number[] }> {
  const parts: Float32Array[] = [];
  const labels: number[] = [];
  for (let start = 0; start < source.count; start += batchSize) {
    const indices = Array.from({ length: Math.min(batchSize, source.count - start) }, (_, i) => start + i);
    const samples = (await source.read(indices)).map((sample) => fitTo(sample, input));
    const { images, shape } = imageBatch(samples, source);
    parts.push(await embedder.predict(images, shape));
    labels.push(...samples.map(({ label }) => label as number));
    await breathe();
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (values.set(part, at), at + part.length), 0);
  return { embeddings: { values, length: values.length / source.count }, labels };
}
