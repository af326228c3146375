// The evaluation of any network, in one form or in both, on any data set of its task: classes or scenes on the
// validation split, faces on the tests of people nobody was trained on, and on the validation split where the
// identities are the same.
import type { DatasetSplits, SampleSource } from '../../dataset/dataset';
import type { Evaluated, EvaluationEvent, EvaluationReport, MetricName } from './evaluated';
import type { TrainingSession } from '../loop/session';
import type { WeightedNetwork } from '../../merge/merge-network';
import type { NetworkSpec } from '../../model/spec';
import type { NamedTensors } from '../../tensor/tensor';
import { type Agreement, agreementOfPairs, type FormTolerance } from './agreement';
import type { SceneView } from './answers';
import { evaluateForms, type SplitReport } from './evaluate';
import { embeddingNetwork, evaluateFaces, facePictures } from './evaluate-faces';
import { type FaceReport } from './face-report';
import { checkFit, classesOf } from '../recipe/fit';
import type { Size } from '../../dataset/pixels/geometry';
import { windowStride } from './sliding';

type Predictor = Pick<TrainingSession, 'predict' | 'dispose'>;

export interface EvaluateNetworkOptions {
  /** The network, or its train and its merged form. */
  readonly forms: readonly [WeightedNetwork] | readonly [WeightedNetwork, WeightedNetwork];
  readonly splits: DatasetSplits;
  readonly view: SceneView;
  readonly batchSize: number;
  /** How far the forms may be apart. */
  readonly tolerance: FormTolerance;
  readonly openPredictor: (spec: NetworkSpec, weights: NamedTensors) => Predictor;
}

/** Factor on the cosines of a face network in its loss: what AM-Softmax's authors recommend, and the recipes use. */
const COSINE_SCALE = 30;

type Progress = Extract<EvaluationEvent, { type: 'progress' }>;
type Judged = Omit<Evaluated, 'backend'>;

/** Evaluates. For faces with pairs the metric is verification accuracy. Throws UserError where network and data do not fit. */
export async function* evaluateNetwork(options: EvaluateNetworkOptions): AsyncGenerator<Progress, Judged> {
  const { forms, splits } = options;
  const [{ spec }] = forms;
  const tested = spec.task === 'face' ? facePictures(splits) : 0;
  const classified = tested === 0 || classesOf(spec) === splits.validation.classes.length ? splits.validation.count : 0;
  if (classified > 0) checkFit(spec, splits.validation, `choose a data set of ${classesOf(spec)}, or weights trained on this one`);
  const done = counter((tested + classified) * forms.length);
  const split = classified > 0 ? yield* counted(evaluateSplit(options), done) : null;
  const faces = tested > 0 ? yield* counted(evaluateTests(options), done) : null;
  const reports = forms.map((_, form) => reportOf(spec, split?.reports[form] ?? NOT_CLASSIFIED, faces?.[form] ?? null));
  const seen = seenText(spec, splits.validation, options.view);
  if (forms.length === 1) return { seen, report: reports[0], both: null };
  const agreement = faces ? agreementOfFaces(faces, options.tolerance) : (split?.agreement as Agreement);
  return { seen, report: reports[0], both: { merged: reports[1], agreement } };
}

/** Says how much is done, given how much more it is. */
function counter(total: number): (more: number) => Progress {
  let done = 0;
  return (more) => ({ type: 'progress', done: (done += more), total });
}

async function* counted<Result>(steps: AsyncGenerator<number, Result>, done: (more: number) => Progress): AsyncGenerator<Progress, Result> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    yield done(step.value);
  }
}

/** What is reported of identities when the data set has other people than the network was trained on. */
const NOT_CLASSIFIED: SplitReport = { samples: 0, loss: 0, metric: 0, classes: [], confusion: [], predictions: new Int32Array(0) };

function reportOf({ task }: NetworkSpec, split: SplitReport, faces: FaceReport | null): EvaluationReport {
  const named = (metric: number, metricName: MetricName): EvaluationReport => ({ ...split, metric, metricName, ...(faces && { faces }) });
  if (faces?.verification) return named(faces.verification.accuracy, 'verification accuracy');
  if (faces?.identification) return named(faces.identification.rankOne, 'rank-1 identification');
  return named(split.metric, task === 'segmentation' ? 'mIoU' : 'accuracy');
}

async function* evaluateSplit({ forms, splits, batchSize, view, tolerance, openPredictor }: EvaluateNetworkOptions) {
  const [{ spec }] = forms;
  const scale = spec.layers.at(-1)?.kind === 'cosineLinear' ? COSINE_SCALE : 1;
  const predictors = forms.map((form) => openPredictor(form.spec, form.weights));
  try {
    return yield* evaluateForms(predictors, splits.validation, batchSize, { input: spec.input, view, scale, tolerance });
  } finally {
    for (const predictor of predictors) predictor.dispose();
  }
}

async function* evaluateTests({ forms, splits, batchSize, openPredictor }: EvaluateNetworkOptions): AsyncGenerator<number, FaceReport[]> {
  const reports: FaceReport[] = [];
  for (const form of forms) {
    const embedding = embeddingNetwork(form.spec, form.weights);
    const predictor = openPredictor(embedding.spec, embedding.weights);
    try {
      reports.push(yield* evaluateFaces(predictor, splits, batchSize, form.spec.input));
    } finally {
      predictor.dispose();
    }
  }
  return reports;
}

/** Of the pairs, or, where there are none, of probes and their mates. */
function agreementOfFaces(faces: readonly FaceReport[], tolerance: FormTolerance): Agreement {
  const [train, merged] = faces.map(({ verification, identification }) => (verification ?? identification)?.similarities ?? []);
  return agreementOfPairs(train, merged, tolerance);
}

/** How pictures were given to the network, in words: of the source's size to its input's. */
export function seenText({ input }: NetworkSpec, source: SampleSource, view: SceneView): string {
  const sizeText = ({ height, width }: Size): string => `${width}x${height}`;
  const [own, fed] = [sizeText(source.image), sizeText(input)];
  if (source.task === 'segmentation' && view === 'sliding')
    return `scenes of ${own} in windows of ${fed}, ${windowStride(input.width)} pixels apart, class probabilities averaged where they overlap`;
  if (own === fed) return `pictures of ${own}, as they are`;
  if (source.task === 'segmentation') return `scenes of ${own} resized whole to ${fed}, scores interpolated back to ${own}`;
  return `pictures of ${own}, their shorter edge resized and the centre cut out at ${fed}`;
}
