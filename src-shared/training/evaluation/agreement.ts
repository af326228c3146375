// Whether the train and the merged form of a network say the same of a data set, sample by sample: the class
// of a picture, the class of each pixel of a scene, the similarity of two faces. Rounding may decide between
// two classes whose scores are as good as equal; such ties are counted apart and are no disagreement.
import { z } from 'zod';
import { computed, count, type Stored } from '../../base/sent';
import type { Answer } from './answers';
import { argMax } from './confusion';

/** How far apart two forms' outputs may be, relative to the largest one, and why. */
export interface FormTolerance {
  readonly value: number;
  readonly reason: string;
}

export const agreementSchema = z.object({
  /** What was compared one by one. */
  of: z.enum(['samples', 'pixels', 'pairs']),
  compared: count,
  /** The same class, or a similarity within the tolerance. */
  same: count,
  /** Another class whose score lies so close that rounding decides: within twice the tolerance. */
  ties: count,
  /** Neither: if there is one, the forms disagree. */
  different: count,
  agrees: z.boolean(),
  /** Place of the first sample (or pair) with a difference; null where there is none. */
  firstDifferent: count.nullable(),
  /** Largest difference of two scores relative to the largest score of their batch; of pairs, of two similarities. */
  maxDifference: computed,
  tolerance: computed,
  toleranceReason: z.string(),
});
/** The verdict over a data set. */
export type Agreement = Stored<z.infer<typeof agreementSchema>>;

/** Collects the comparison of both forms' answers, batch after batch. */
export class AnswerComparison {
  private compared = 0;
  private same = 0;
  private ties = 0;
  private firstDifferent: number | null = null;
  private maxDifference = 0;

  constructor(
    private readonly of: 'samples' | 'pixels',
    private readonly tolerance: FormTolerance,
  ) {}

  /** Answers of both forms for the samples from `first` on. */
  add(train: readonly Answer[], merged: readonly Answer[], first: number): void {
    const scale = train.reduce((most, { scores }) => Math.max(most, largest(scores)), 0);
    train.forEach((answer, n) => this.compare(answer, merged[n], first + n, scale));
  }

  private compare(train: Answer, merged: Answer, sample: number, scale: number): void {
    const difference = largestDifference(train.scores, merged.scores);
    this.maxDifference = Math.max(this.maxDifference, difference === 0 ? 0 : difference / scale);
    const within = 2 * this.tolerance.value * scale;
    const { classes, places } = train;
    for (let i = 0; i < places; i++) {
      const [a, b] = [argMax(train.scores, i, classes, places), argMax(merged.scores, i, classes, places)];
      this.compared++;
      // NaN has no largest score: a sample with one agrees with nothing.
      if (a === b && difference < Infinity) this.same++;
      else if (Math.abs(train.scores[i + a * places] - train.scores[i + b * places]) <= within && difference < Infinity) this.ties++;
      else this.firstDifferent ??= sample;
    }
  }

  verdict(): Agreement {
    const { of, compared, same, ties, firstDifferent, maxDifference, tolerance } = this;
    const different = compared - same - ties;
    const toleranceReason = tolerance.reason;
    return {
      ...{ of, compared, same, ties, different, agrees: different === 0, firstDifferent, maxDifference },
      ...{ tolerance: tolerance.value, toleranceReason },
    };
  }
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/** Infinity where either value is no number. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference;
  }
  return most;
}

/** A similarity depends on two embeddings, each off by the tolerance. */
const EMBEDDINGS_PER_PAIR = 2;

/** The verdict on similarities of the same pairs in both forms. */
export function agreementOfPairs(train: readonly number[], merged: readonly number[], { value, reason }: FormTolerance): Agreement {
  const tolerance = EMBEDDINGS_PER_PAIR * value;
  const differences = train.map((similarity, pair) => largestDifference([similarity], [merged[pair]]));
  const isSame = (difference: number): boolean => difference <= tolerance;
  const same = differences.filter(isSame).length;
  const firstDifferent = differences.findIndex((difference) => !isSame(difference));
  return {
    of: 'pairs',
    compared: differences.length,
    same,
    ties: 0,
    different: differences.length - same,
    agrees: same === differences.length,
    firstDifferent: firstDifferent < 0 ? null : firstDifferent,
    maxDifference: differences.reduce((most, difference) => Math.max(most, difference), 0),
    tolerance,
    toleranceReason: `twice that of one embedding: ${reason}`,
  };
}
