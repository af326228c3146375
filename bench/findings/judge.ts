// What a few matched seeds say about a difference: its mean with its standard error, and a plain word.
import { signedFixed } from '../../src-shared/base/number-text';

/** Differences seed by seed: each pair had the same data, order and seed. */
export function differenceOf(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - b[i]);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation; NaN for fewer than two values. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Standard error of the mean; NaN for fewer than two values. */
export function standardError(values: readonly number[]): number {
  return deviation(values) / Math.sqrt(values.length);
}

/**
 * Reproduces: the mean less two standard errors lies above -`margin` points. A claim of more than equality has no
 * margin; one of "at least as good" has a small one, since no number of seeds proves two networks equal. Anything else is not shown.
 */
export function judge(differences: readonly number[], margin = 0): string {
  if (differences.some(Number.isNaN)) return 'not shown: a training failed';
  if (differences.length < 2) return 'not shown: one seed tells no spread';
  const [centre, error] = [mean(differences), standardError(differences)];
  if (centre > 2 * error - margin) return margin > 0 ? `reproduces: at least as good, to within ${margin} point` : 'reproduces';
  return centre < -2 * error ? 'not shown: it is the other way round here' : 'not shown: no difference beyond the seeds';
}

/** A paired difference in points: mean, its standard error, the single seeds, the verdict. */
export function verdictText(differences: readonly number[], margin = 0): string {
  const singles = differences.map(signed).join(', ');
  const error = differences.length > 1 ? ` +- ${standardError(differences).toFixed(2)}` : '';
  return `${signed(mean(differences))}${error} points (${singles}): ${judge(differences, margin)}`;
}

function signed(value: number): string {
  return signedFixed(value, 2);
}
