// Evaluation: what a network (or both forms of one) says of every sample of a split, in order, against the
// labels. The metric is accuracy for classes and identities and mean IoU for scenes, at the scenes' own size;
// the loss is plain cross-entropy.
import { type Sample, type SampleSource, IGNORED } from '../../dataset/dataset';
import type { EvaluationReport } from './evaluated';
import type { TrainingSession } from '../loop/session';
import { type Agreement, AnswerComparison, type FormTolerance } from './agreement';
import { type Answer, type AnswerOptions, answersOf, batchOf } from './answers';
import { yieldToEvents } from '../../base/yield-to-events';
import { inOrder } from '../batches/in-order';
import { accuracy, argMax, crossEntropyAt, emptyConfusion, meanIntersectionOverUnion } from './confusion';

/** Sums over what has been evaluated so far; `counted` are labels that count (samples or pixels). */
interface Tally {
  readonly confusion: number[][];
  readonly predictions: Int32Array;
  loss: number;
  counted: number;
}

type Predictor = Pick<TrainingSession, 'predict'>;

export interface EvaluationOptions extends Partial<AnswerOptions> {
  /** How far two forms may be apart; needed where two are compared. */
  readonly tolerance?: FormTolerance;
}

/** Of each form, in their order; the agreement where there are two. */
export interface FormReports {
  readonly reports: readonly SplitReport[];
  readonly agreement: Agreement | null;
}

/** What an evaluation of a split finds. */
export type SplitReport = Omit<EvaluationReport, 'metricName'>;

/**
 * Runs a split through `session.predict`. `predictions` holds one class per sample; it is empty for scenes.
 * Lets other work of the thread run between batches.
 */
export async function evaluateSource(
  session: Predictor,
  source: SampleSource,
  batchSize: number,
  options: EvaluationOptions = {},
): Promise<SplitReport> {
  return (await finished(evaluateForms([session], source, batchSize, options))).reports[0];
}

/** As `evaluateSource`, for one or two forms of a network on the same samples. Yields how many samples one form has just done. */
export async function* evaluateForms(
  forms: readonly Predictor[],
  source: SampleSource,
  batchSize: number,
  { input = source.image, view = 'whole', scale = 1, tolerance }: EvaluationOptions = {},
): AsyncGenerator<number, FormReports> {
  const tallies = forms.map(() => emptyTally(source));
  const comparison = forms.length > 1 && tolerance ? new AnswerComparison(comparedIn(source), tolerance) : null;
  const atOnce = batchOf(source, input, batchSize);
  for await (const { first, samples } of inOrder(source, atOnce)) {
    const answers: Answer[][] = [];
    for (const [form, predictor] of forms.entries()) {
      answers.push(await answersOf(predictor, samples, source, { input, view, scale }));
      samples.forEach((sample, n) => countAnswer(tallies[form], sample, answers[form][n], first + n));
      yield samples.length;
      await yieldToEvents();
    }
    comparison?.add(answers[0], answers[1], first);
  }
  return { reports: tallies.map((tally) => report(tally, source)), agreement: comparison?.verdict() ?? null };
}

/** The end of an evaluation whose progress nobody watches. */
export async function finished<Result>(steps: AsyncGenerator<unknown, Result>): Promise<Result> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

function emptyTally(source: SampleSource): Tally {
  const predictions = new Int32Array(source.task === 'segmentation' ? 0 : source.count);
  return { confusion: emptyConfusion(source.classes.length), predictions, loss: 0, counted: 0 };
}

function comparedIn(source: SampleSource): 'samples' | 'pixels' {
  return source.task === 'segmentation' ? 'pixels' : 'samples';
}

function report({ confusion, predictions, loss, counted }: Tally, source: SampleSource): SplitReport {
  const metric = source.task === 'segmentation' ? meanIntersectionOverUnion(confusion) : accuracy(confusion);
  return { samples: source.count, loss: loss / Math.max(1, counted), metric, classes: source.classes, confusion, predictions };
}

function countAnswer(tally: Tally, { label }: Sample, { scores, classes, places }: Answer, index: number): void {
  for (let i = 0; i < places; i++) {
    const actual = typeof label === 'number' ? label : label[i];
    if (actual === IGNORED && typeof label !== 'number') continue;
    const predicted = argMax(scores, i, classes, places);
    if (typeof label === 'number') tally.predictions[index] = predicted;
    tally.confusion[actual][predicted]++;
    tally.loss += crossEntropyAt(scores, i, classes, actual, places);
    tally.counted++;
  }
}
