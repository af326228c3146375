// Largest and smallest of many numbers. `Math.max(...values)` lays every value on the stack, which overflows at some hundred
// thousand of them: here they are looked at one after the other. As there, one NaN makes NaN.

/** The largest of the values, at least `least`; `least` where there are none. */
export function largestOf(values: Iterable<number>, least = -Infinity): number {
  let largest = least;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** The smallest of the values, at most `most`; `most` where there are none. */
export function smallestOf(values: Iterable<number>, most = Infinity): number {
  let smallest = most;
  for (const value of values) smallest = Math.min(smallest, value);
  return smallest;
}
