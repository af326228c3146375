// Numbers as text with a fixed count of decimals. What rounds to zero is zero: it has no sign.

/** `value` with `decimals` decimals; `0.0`, never `-0.0`. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-0(\.0+)?$/.test(text) ? text.slice(1) : text;
}

/** A share as per cent, `12.3 %`; `0.0 %`, never `-0.0 %`. */
export function percentText(share: number, decimals = 1): string {
  return `${fixed(100 * share, decimals)} %`;
}

/** A difference with its sign, `+0.3` or `-0.3`; what rounds to zero has none. */
export function signedFixed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
