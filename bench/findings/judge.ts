// What a few matched seeds say about a difference: its mean, its spread, and a plain word.

/** Differences seed by seed: each pair had the same data, order and seed. */
export function differenceOf(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - b[i]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation; NaN for fewer than two values. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Mean and spread, and the single values. */
export function meanText(values: readonly number[]): string {
  const spread = values.length > 1 ? ` +- ${deviation(values).toFixed(2)}` : '';
  return `${mean(values).toFixed(2)}${spread} (${values.map((value) => value.toFixed(1)).join(', ')})`;
}

/** Reproduces: better in every seed, and by more than the standard error twice over. Anything else is said as it is. */
export function judge(differences: readonly number[]): string {
  if (differences.some(Number.isNaN)) return 'no verdict, a training failed';
  const centre = mean(differences);
  if (differences.length < 2) return `no verdict from a single seed (${centre > 0 ? 'points the same way' : 'points the other way'})`;
  const error = deviation(differences) / Math.sqrt(differences.length);
  if (differences.every((value) => value > 0) && centre > 2 * error) return 'REPRODUCES';
  return centre < -2 * error ? 'DOES NOT REPRODUCE: it is the other way round here' : 'DOES NOT REPRODUCE: no difference beyond the seeds';
}

/** A difference with its verdict. */
export function verdictText(differences: readonly number[]): string {
  return `${meanText(differences)} points: ${judge(differences)}`;
}
