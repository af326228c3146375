// How good the weights in focus are on the chosen data set; where they were merged here, both forms,
// compared sample by sample.
import { createStore } from 'zustand/vanilla';
import type { Evaluation } from '@shared/contract/studio';
import { dataset } from './dataset';
import { merge } from './merge';
import { studio } from './studio';
import { keyOf, weights } from './weights';

export interface Evaluations {
  readonly busy: boolean;
  /** What was evaluated, in words. */
  readonly subject: string;
  readonly train: Evaluation | null;
  readonly merged: Evaluation | null;
}

export const evaluation = createStore<Evaluations>()(() => ({ busy: false, subject: '', train: null, merged: null }));

/** Evaluates the weights in focus, and their merged form where there is one. */
export async function evaluateWeights(): Promise<void> {
  const { reference, label } = weights.getState();
  const { reference: data } = dataset.getState();
  const { source, merged } = merge.getState();
  const name = data.kind === 'folder' ? data.path : data.name;
  evaluation.setState({ busy: true, subject: `${label} on ${name}`, train: null, merged: null });
  try {
    evaluation.setState({ train: await studio().training.evaluate({ weights: reference, dataset: data }) });
    if (source && merged && keyOf(source) === keyOf(reference))
      evaluation.setState({ merged: await studio().training.evaluate({ weights: merged, dataset: data }) });
  } finally {
    evaluation.setState({ busy: false });
  }
}

/** Share of samples with the same prediction. */
export function agreement(a: readonly number[], b: readonly number[]): number {
  return a.filter((prediction, sample) => prediction === b[sample]).length / a.length;
}

/** Right predictions of each class over its samples; null where there is no sample. */
export function classAccuracies(confusion: Evaluation['confusion']): (number | null)[] {
  return confusion.map((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total === 0 ? null : row[actual] / total;
  });
}
