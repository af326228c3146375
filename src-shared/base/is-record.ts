// Values of parsed JSON before a schema has looked at them.

/** Whether it is an object with fields: no array, not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
