// Numbers in the texts of lessons: as many digits as one reads aloud, and never a wrong whole number.

/** Whole numbers with thin spaces between thousands; others with four significant digits, very small and large ones as powers of ten. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'infinity' : 'minus infinity';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return grouped(String(value));
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e9) return value.toExponential(2).replace('e', ' × 10^').replace('^+', '^');
  const [whole, decimals] = String(Number(value.toPrecision(4))).split('.');
  return decimals === undefined ? grouped(whole) : `${grouped(whole)}.${decimals}`;
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
