// What a trained network is judged by: the confusion matrix of classes (or of pixels), accuracy, and
// intersection over union per class. confusion[actual][predicted]; pixels labelled 255 do not count.

/** Counts of (actual, predicted) pairs. */
export type Confusion = readonly (readonly number[])[];

/** A square matrix of counters. */
export function emptyConfusion(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}

/** Share of right predictions; 0 when nothing was counted. */
export function accuracy(confusion: Confusion): number {
  let right = 0;
  let all = 0;
  confusion.forEach((row, actual) => {
    right += row[actual];
    all += sum(row);
  });
  return all === 0 ? 0 : right / all;
}

/** Accuracy within each actual class; null for a class that never occurred. */
export function classAccuracies(confusion: Confusion): (number | null)[] {
  return confusion.map((row, actual) => (sum(row) === 0 ? null : row[actual] / sum(row)));
}

/** Intersection over union per class: hits / (actual + predicted - hits); null for a class that is in neither. */
export function intersectionsOverUnion(confusion: Confusion): (number | null)[] {
  return confusion.map((row, c) => {
    const predicted = confusion.reduce((total, other) => total + other[c], 0);
    const union = sum(row) + predicted - row[c];
    return union === 0 ? null : row[c] / union;
  });
}

/** Mean IoU over the classes that occur; 0 when none does. */
export function meanIntersectionOverUnion(confusion: Confusion): number {
  const values = intersectionsOverUnion(confusion).filter((value) => value !== null);
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/** Index of the largest of `count` values at `offset`, `stride` apart; the first of equals. */
export function argMax(values: Float32Array, offset: number, count: number, stride = 1): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[offset + i * stride] > values[offset + best * stride]) best = i;
  return best;
}

/** -log softmax(values)[target] over `count` values at `offset`, `stride` apart. */
export function crossEntropyAt(values: Float32Array, offset: number, count: number, target: number, stride = 1): number {
  const largest = values[offset + argMax(values, offset, count, stride) * stride];
  let total = 0;
  for (let i = 0; i < count; i++) total += Math.exp(values[offset + i * stride] - largest);
  return Math.log(total) + largest - values[offset + target * stride];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
