// Special cells and how they travel to the GPU. NaN and infinities are not safe in shaders (drivers may
// optimise isnan away), so each becomes a float near the end of the float32 range that no weight reaches.
// Invariant: encode and the shader's thresholds are the same numbers.

/** A cell that does not exist: outside the map, or not loaded yet. Drawn as background. */
export const VOID = Math.fround(-3.3e38);
/** Encoded NaN. */
export const NAN_CODE = Math.fround(3.3e38);
/** Encoded infinity; finite magnitudes from INFINITE_FROM on are drawn as infinite too. */
export const INFINITY_CODE = Math.fround(3.1e38);
export const NAN_FROM = Math.fround(3.2e38);
export const INFINITE_FROM = Math.fround(3e38);

/** Writes `values` into `out`, special cells encoded; arrays have the same length. */
export function encodeCells(values: Float32Array, out: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    out[i] = value > -INFINITE_FROM && value < INFINITE_FROM ? value : encodeSpecial(value);
  }
}

/** The code of one special cell; ordinary values pass. */
export function encodeSpecial(value: number): number {
  if (Number.isNaN(value)) return NAN_CODE;
  if (value === VOID) return VOID;
  if (value >= INFINITE_FROM) return INFINITY_CODE;
  if (value <= -INFINITE_FROM) return -INFINITY_CODE;
  return value;
}

export type CellKind = 'value' | 'nan' | 'positiveInfinity' | 'negativeInfinity' | 'void';

/** What an encoded cell is. */
export function kindOf(code: number): CellKind {
  if (code >= NAN_FROM) return 'nan';
  if (code >= INFINITE_FROM) return 'positiveInfinity';
  if (code <= -NAN_FROM) return 'void';
  if (code <= -INFINITE_FROM) return 'negativeInfinity';
  return 'value';
}
