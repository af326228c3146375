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

/** Whether a cell is neither NaN nor infinite nor VOID. */
export function isOrdinary(value: number): boolean {
  return value > -INFINITE_FROM && value < INFINITE_FROM;
}

/** The code of a cell; ordinary values pass. */
export function encodeCell(value: number): number {
  if (isOrdinary(value)) return value;
  if (Number.isNaN(value)) return NAN_CODE;
  if (value === VOID) return VOID;
  return value > 0 ? INFINITY_CODE : -INFINITY_CODE;
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
