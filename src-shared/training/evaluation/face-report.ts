// What the tests of a face data set find: verification of pairs, identification in a gallery.
import { z } from 'zod';
import { computed, count, type Stored } from '../../base/sent';

const rocPoint = z.object({ threshold: computed, falseAccepts: computed, trueAccepts: computed });
/** One point of the ROC: at this threshold, the shares of different and of same pairs that are accepted. */
export type RocPoint = Stored<z.infer<typeof rocPoint>>;

const verification = z.object({
  pairs: count,
  /** Pairs of two people; rates of false accepts come in steps of one over their number. */
  differentPairs: count,
  folds: count,
  accuracy: computed,
  /** Standard deviation of the folds' accuracies. */
  deviation: computed,
  trueAccepts: z.array(z.object({ falseAcceptRate: computed, rate: computed })),
  roc: z.array(rocPoint),
  /** Area under the ROC. */
  area: computed,
  /** Similarity of each pair, in the order of the data set's pairs. */
  similarities: z.array(computed),
});

const identification = z.object({
  probes: count,
  distractors: count,
  rankOne: computed,
  /** Similarity of each probe that has a mate to the next picture of the same person. */
  similarities: z.array(computed),
});

/** Which tests a data set brings differs. */
export const faceReportSchema = z.object({ verification: verification.optional(), identification: identification.optional() });
/** Result of the face tests a data set brings. */
export type FaceReport = Stored<z.infer<typeof faceReportSchema>>;
