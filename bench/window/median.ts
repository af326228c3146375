// The middle of several measurements: what a loaded machine adds to one or the other does not move it.

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
