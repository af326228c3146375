// The evaluation of any network on any data set of its task: classes or scenes on the validation split, faces
// on the tests of people nobody was trained on, and on the validation split where the identities are the same.
import type { DatasetSplits } from '../dataset/dataset';
import type { EvaluationReport } from '../engine/engine';
import type { TrainingSession } from '../engine/session';
import type { NetworkSpec } from '../model/spec';
import type { NamedTensors } from '../tensor/tensor';
import { evaluateSource } from './evaluate';
import { embeddingNetwork, evaluateFaces } from './evaluate-faces';
import { checkFit, classesOf } from './fit';

type Predictor = Pick<TrainingSession, 'predict' | 'dispose'>;

export interface EvaluateNetworkOptions {
  readonly spec: NetworkSpec;
  readonly weights: NamedTensors;
  readonly splits: DatasetSplits;
  readonly batchSize: number;
  readonly openPredictor: (spec: NetworkSpec, weights: NamedTensors) => Predictor;
}

/** Evaluates. For faces with pairs the metric is verification accuracy. Throws UserError where network and data do not fit. */
export async function evaluateNetwork(options: EvaluateNetworkOptions): Promise<EvaluationReport> {
  const { spec, splits } = options;
  const isFaceTest = spec.task === 'face' && (splits.verification ?? splits.identification) !== undefined;
  if (!isFaceTest) return evaluateValidation(options);
  const known = classesOf(spec) === splits.validation.classes.length;
  const base = known ? await evaluateValidation(options) : NOT_CLASSIFIED;
  const embedding = embeddingNetwork(spec, options.weights);
  const faces = await using(options.openPredictor(embedding.spec, embedding.weights), (predictor) =>
    evaluateFaces(predictor, splits, options.batchSize, spec.input),
  );
  return { ...base, metric: faces.verification?.accuracy ?? base.metric, faces };
}

/** What is reported of identities when the data set has other people than the network was trained on. */
const NOT_CLASSIFIED: EvaluationReport = { samples: 0, loss: 0, metric: 0, classes: [], confusion: [], predictions: new Int32Array(0) };

function evaluateValidation({ spec, weights, splits, batchSize, openPredictor }: EvaluateNetworkOptions): Promise<EvaluationReport> {
  checkFit(spec, splits.validation);
  return using(openPredictor(spec, weights), (predictor) => evaluateSource(predictor, splits.validation, batchSize, { input: spec.input }));
}

async function using<Result>(predictor: Predictor, work: (predictor: Predictor) => Promise<Result>): Promise<Result> {
  try {
    return await work(predictor);
  } finally {
    predictor.dispose();
  }
}
