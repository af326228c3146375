// What an evaluation tells while it is under way and what it finds in the end, of one form of a network or of both.
import type { BackendName } from '../recipe/recipe';
import type { Agreement } from './agreement';
import type { FaceReport } from './evaluate-faces';

/** What `EvaluationReport.metric` is. */
export type MetricName = 'accuracy' | 'mIoU' | 'verification accuracy' | 'rank-1 identification';

export interface EvaluationReport {
  readonly samples: number;
  readonly loss: number;
  readonly metric: number;
  readonly metricName: MetricName;
  readonly classes: readonly string[];
  /** confusion[actual][predicted]. */
  readonly confusion: readonly (readonly number[])[];
  readonly predictions: Int32Array;
  /** Verification and identification, where a face data set brings them. */
  readonly faces?: FaceReport;
}

/** An evaluation of one form, or of both on the same samples. */
export interface Evaluated {
  readonly backend: BackendName;
  /** How pictures were given to the network, in words. */
  readonly seen: string;
  /** Of the weights as they were given. */
  readonly report: EvaluationReport;
  /** Of their merged form, where both were asked for, and whether it says the same. */
  readonly both: { readonly merged: EvaluationReport; readonly agreement: Agreement } | null;
}

/** `done` of `total` pictures have gone through the network, or through both forms of it; or the end. */
export type EvaluationEvent =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly evaluated: Evaluated };

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
