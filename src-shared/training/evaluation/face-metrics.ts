// What face networks are judged by, on embeddings (N, D): verification of pairs in ten folds (accuracy at the
// threshold that is best on the other folds, ROC, true accepts at a given rate of false ones), and rank-1
// identification among distractors. Similarity is the cosine.
import type { RocPoint } from './face-report';
import type { FacePair } from '../../dataset/dataset';
import { yieldToEvents } from '../../base/yield-to-events';

/** Row-major (count, length). */
export interface Embeddings {
  readonly values: Float32Array;
  readonly length: number;
}

/** Cosine of the angle between rows `a` and `b`; 0 if either is zero, -Infinity (like nothing) if either holds what is no number. */
export function similarity({ values, length }: Embeddings, a: number, b: number): number {
  let [dot, normA, normB] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [x, y] = [values[a * length + i], values[b * length + i]];
    dot += x * y;
    normA += x * x;
    normB += y * y;
  }
  if (normA === 0 || normB === 0) return 0;
  const cosine = dot / Math.sqrt(normA * normB);
  return Number.isNaN(cosine) ? -Infinity : cosine;
}

/** A judged pair. */
export interface Score {
  readonly similarity: number;
  readonly same: boolean;
  readonly fold: number;
}

/** Similarity of every pair, in order. */
export function pairScores(embeddings: Embeddings, pairs: readonly FacePair[]): Score[] {
  return pairs.map(({ first, second, same, fold }) => ({ similarity: similarity(embeddings, first, second), same, fold }));
}

/** The ROC from accepting nothing to accepting all; pairs of equal similarity are accepted together. */
export function rocCurve(scores: readonly Score[]): RocPoint[] {
  const sorted = [...scores].sort((a, b) => b.similarity - a.similarity);
  const [same, different] = [count(scores, true), count(scores, false)];
  const points: RocPoint[] = [{ threshold: Infinity, falseAccepts: 0, trueAccepts: 0 }];
  let [accepted, wrong] = [0, 0];
  sorted.forEach((score, i) => {
    if (score.same) accepted++;
    else wrong++;
    if (sorted[i + 1]?.similarity === score.similarity) return;
    points.push({ threshold: score.similarity, falseAccepts: wrong / Math.max(1, different), trueAccepts: accepted / Math.max(1, same) });
  });
  return points;
}

/** The ROC as a staircase: the largest share of accepted same pairs at each share of accepted different ones, which holds until the next. */
export function rocStaircase(roc: readonly RocPoint[]): { readonly falseAccepts: number[]; readonly trueAccepts: number[] } {
  const best = new Map<number, number>();
  for (const { falseAccepts, trueAccepts } of roc) best.set(falseAccepts, Math.max(trueAccepts, best.get(falseAccepts) ?? 0));
  return { falseAccepts: [...best.keys()], trueAccepts: [...best.values()] };
}

function count(scores: readonly Score[], same: boolean): number {
  return scores.filter((score) => score.same === same).length;
}

/** Area under the ROC, by trapezoids: the chance that a same pair is more similar than a different one, ties counted half. */
export function areaUnder(roc: readonly RocPoint[]): number {
  return roc.reduce((area, { falseAccepts, trueAccepts }, i) => {
    const before = roc[i - 1] ?? { falseAccepts: 0, trueAccepts: 0 };
    return area + ((falseAccepts - before.falseAccepts) * (trueAccepts + before.trueAccepts)) / 2;
  }, 0);
}

/** Largest share of same pairs accepted where at most `rate` of the different ones are. */
export function trueAcceptsAt(roc: readonly RocPoint[], rate: number): number {
  return roc.reduce((best, point) => (point.falseAccepts <= rate ? Math.max(best, point.trueAccepts) : best), 0);
}

/** Mean accuracy over folds and its standard deviation, with each fold's threshold chosen on the others. */
export interface VerificationAccuracy {
  readonly accuracy: number;
  readonly deviation: number;
  readonly folds: readonly { readonly accuracy: number; readonly threshold: number }[];
}

/** The ten-fold protocol of LFW; one fold alone is judged at its own best threshold. */
export function verificationAccuracy(scores: readonly Score[]): VerificationAccuracy {
  const names = [...new Set(scores.map(({ fold }) => fold))];
  const folds = names.map((name) => {
    const held = scores.filter(({ fold }) => fold === name);
    const rest = names.length === 1 ? held : scores.filter(({ fold }) => fold !== name);
    const threshold = bestThreshold(rest);
    return { accuracy: held.filter((score) => score.similarity >= threshold === score.same).length / held.length, threshold };
  });
  const accuracy = folds.reduce((sum, fold) => sum + fold.accuracy, 0) / folds.length;
  const variance = folds.reduce((sum, fold) => sum + (fold.accuracy - accuracy) ** 2, 0) / folds.length;
  return { accuracy, deviation: Math.sqrt(variance), folds };
}

/** Midway between the similarities that separate best. */
function bestThreshold(scores: readonly Score[]): number {
  const sorted = [...scores].sort((a, b) => b.similarity - a.similarity);
  let right = count(scores, false);
  let best = { right, threshold: Infinity };
  sorted.forEach((score, i) => {
    right += score.same ? 1 : -1;
    const next = sorted[i + 1]?.similarity ?? -Infinity;
    if (right > best.right && next < score.similarity)
      best = { right, threshold: next === -Infinity ? score.similarity : (score.similarity + next) / 2 };
  });
  return best.threshold;
}

/** Every row divided by its length, so that similarities are plain products; zero rows stay zero. */
function unitRows({ values, length }: Embeddings): Float32Array {
  const unit = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += length) {
    const norm = Math.sqrt(product(values, row, values, row, length));
    for (let i = row; i < row + length; i++) unit[i] = norm > 0 ? values[i] / norm : 0;
  }
  return unit;
}

function product(a: Float32Array, from: number, b: Float32Array, start: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[from + i] * b[start + i];
  return sum;
}

/**
 * Rank-1 identification: for every ordered pair of one person's probes, the second joins the distractors; the share
 * of cases in which it is more similar to the first than every distractor is. `labels` name the person of each row.
 * Lets other work of the thread run between probes.
 */
export async function rankOneRate(
  embeddings: Embeddings,
  labels: ArrayLike<number>,
  { probes, distractors }: { readonly probes: readonly number[]; readonly distractors: readonly number[] },
): Promise<number> {
  const { length } = embeddings;
  const unit = unitRows(embeddings);
  const alike = (a: number, b: number): number => product(unit, a * length, unit, b * length, length);
  let [found, all] = [0, 0];
  for (const probe of probes) {
    const nearest = distractors.reduce((most, other) => Math.max(most, alike(probe, other)), -Infinity);
    for (const mate of probes) {
      if (mate === probe || labels[mate] !== labels[probe]) continue;
      all++;
      if (alike(probe, mate) > nearest) found++;
    }
    await yieldToEvents();
  }
  return all === 0 ? 0 : found / all;
}

/** For each probe, the similarity to the next one of the same person (after the last, the first); people with one picture are left out. */
export function mateSimilarities(embeddings: Embeddings, labels: ArrayLike<number>, probes: readonly number[]): number[] {
  const people = new Map<number, number[]>();
  for (const probe of probes) people.set(labels[probe], [...(people.get(labels[probe]) ?? []), probe]);
  return probes.flatMap((probe) => {
    const pictures = people.get(labels[probe]) as number[];
    const mate = pictures[(pictures.indexOf(probe) + 1) % pictures.length];
    return mate === probe ? [] : [similarity(embeddings, probe, mate)];
  });
}
