// The agreement of the two forms in words, for terminal and window.
import type { Agreement } from './agreement';

const SAME: Readonly<Record<Agreement['of'], string>> = {
  samples: 'the same class for',
  pixels: 'the same class for',
  pairs: 'the same similarity for',
};

/** The verdict, and what it rests on: two sentences. */
export function agreementText(agreement: Agreement): readonly [verdict: string, grounds: string] {
  const { of, compared, same, ties, different, agrees, firstDifferent, maxDifference, tolerance, toleranceReason } = agreement;
  const tied = ties === 0 ? '' : `, ${ties} decided by rounding between two classes as good as equal`;
  const others =
    different === 0 ? '' : `, ${different} differ (the first in ${of === 'pairs' ? 'pair' : 'sample'} ${(firstDifferent ?? 0) + 1})`;
  const verdict = `${agrees ? 'train and merged form agree' : 'train and merged form DISAGREE'}: ${SAME[of]} ${same} of ${compared} ${of}${tied}${others}`;
  const what =
    of === 'pairs' ? 'largest difference of two similarities' : 'largest difference of two scores, relative to the largest score';
  return [verdict, `${what} ${maxDifference.toExponential(2)}, tolerance ${tolerance.toExponential(1)} (${toleranceReason})`];
}
