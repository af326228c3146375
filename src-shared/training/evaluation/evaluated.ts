// What an evaluation tells while it is under way and what it finds in the end, of one form of a network or of both.
import { z } from 'zod';
import { computed, count, type Stored } from '../../base/sent';
import { partsDone } from '../../tensor/parts';
import { BACKEND_NAMES } from '../recipe/recipe-schema';
import { agreementSchema } from './agreement';
import { faceReportSchema } from './face-report';

/** What `EvaluationReport.metric` is. */
const METRIC_NAMES = ['accuracy', 'mIoU', 'verification accuracy', 'rank-1 identification'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export const evaluationSchema = z.object({
  samples: count,
  loss: computed,
  metric: computed,
  metricName: z.enum(METRIC_NAMES),
  classes: z.array(z.string()),
  /** confusion[actual][predicted]. */
  confusion: z.array(z.array(count)),
  /** Verification and identification, where a face data set brings them. */
  faces: faceReportSchema.optional(),
});
/** What an evaluation found, but for its predictions, which stay where they were computed. */
export type Evaluation = Stored<z.infer<typeof evaluationSchema>>;

const evaluationReport = evaluationSchema.extend({ predictions: z.custom<Int32Array>((value) => value instanceof Int32Array) });
export type EvaluationReport = Stored<z.infer<typeof evaluationReport>>;

const evaluated = z.object({
  backend: z.enum(BACKEND_NAMES),
  /** How pictures were given to the network, in words. */
  seen: z.string(),
  /** Of the weights as they were given. */
  report: evaluationReport,
  /** Of their merged form, where both were asked for, and whether it says the same. */
  both: z.object({ merged: evaluationReport, agreement: agreementSchema }).nullable(),
});
/** An evaluation of one form, or of both on the same samples. */
export type Evaluated = Stored<z.infer<typeof evaluated>>;

export const evaluationEventSchema = z.discriminatedUnion('type', [
  partsDone.extend({ type: z.literal('progress') }),
  z.object({ type: z.literal('done'), evaluated }),
]);
/** `done` of `total` pictures have gone through the network, or through both forms of it; or the end. */
export type EvaluationEvent = Stored<z.infer<typeof evaluationEventSchema>>;

/** What an evaluation found; `onProgress` hears how many pictures of all are done. Rejects with what stopped it. */
export async function evaluatedBy(
  events: AsyncIterable<EvaluationEvent>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Evaluated> {
  for await (const event of events) {
    if (event.type === 'done') return event.evaluated;
    onProgress(event.done, event.total);
  }
  throw new Error('the evaluation ended without a result');
}
