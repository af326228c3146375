// Marks of an axis or a colour bar: round numbers in equal steps (on a logarithmic axis, in equal factors where it is long
// enough for them), and the digits that tell them apart, so that equal steps are printed as equal steps.
import { smallestOf } from './extremes';
import { ticks } from 'd3-array';

/** About `count` multiples of 1, 2 or 5 times a power of ten within [from, to]. */
export function roundTicks(from: number, to: number, count: number): number[] {
  // A negative zero would be printed with its sign.
  return ticks(from, to, Math.max(1, count)).map((value) => value + 0);
}

/** The range of an axis of shares around `low` and `high` with a margin on both sides: never below 0 or above 1. */
export function shareRange(low: number, high: number, margin: number): [number, number] {
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}

/** At most about `count` round numbers within [from, to], both positive, for a logarithmic axis: powers of ten; 1, 2 and 5 times them; or equal steps where the range is short. */
export function logTicks(from: number, to: number, count: number): number[] {
  const [low, high] = [Math.log10(from), Math.log10(to)];
  const most = Math.max(2, count);
  const fine = decades(low, high, 1).flatMap((power) => [1, 2, 5].map((factor) => Number(`${factor}e${power}`)));
  const inside = (values: readonly number[]): number[] =>
    values.filter((value) => value >= from * (1 - 1e-12) && value <= to * (1 + 1e-12));
  const candidates = [1, 2, 3, 5, 10, 20, 50].map((every) => inside(decades(low, high, every).map((power) => Number(`1e${power}`))));
  const found = [inside(fine), ...candidates].find((values) => values.length <= most) ?? [];
  return found.length < Math.min(3, most) ? roundTicks(from, to, most) : found;
}

/** Whole powers of ten around [low, high] that are multiples of `every`. */
function decades(low: number, high: number, every: number): number[] {
  const [first, last] = [Math.floor(low / every), Math.ceil(high / every)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * every);
}

/** Significant digits that print every one of round numbers exactly, `least` at least; `least` for what is not round. */
export function digitsOf(values: readonly number[], least = 3): number {
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]));
  const slack = steps.length === 0 ? 1e-12 * Math.abs(values[0] ?? 0) : smallestOf(steps) * 1e-6;
  const isExact = (digits: number): boolean => values.every((value) => Math.abs(Number(value.toPrecision(digits)) - value) <= slack);
  for (let digits = least; digits <= MOST_DIGITS; digits++) if (isExact(digits)) return digits;
  return least;
}

const MOST_DIGITS = 9;
