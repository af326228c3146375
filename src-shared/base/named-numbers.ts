// JSON has no infinities and no NaN. Here they are written as the strings "Infinity", "-Infinity" and "NaN", which
// Number() and Python's float() read back: a loss that overflowed must not make a file unreadable.

/** A value as indented JSON, its infinities and NaN by name. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item), 2);
}
