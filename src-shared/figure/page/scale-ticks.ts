// The marked values of a colour bar: round numbers inside the scale, zero among those of a signed one.
import { digitsOf, logTicks, roundTicks } from '../../base/ticks';
import { figureNumber } from './layout';
import type { ScaleTick } from './scale';

const COUNT = 4;
/** On a logarithmic bar there are more: of 1, 2 and 5 times the powers of ten, not of a few of them that lie at one end. */
const LOG_COUNT = 6;

/** Marks of a scale from -limit to limit, in equal steps or, where it is spread about zero, at equal factors from zero. */
export function signedTicks(limit: number, spacing: 'equal steps' | 'spread'): ScaleTick[] {
  if (limit === 0) return labelled([0]);
  if (spacing === 'equal steps') return labelled(roundTicks(-limit, limit, COUNT));
  const magnitudes = logTicks(limit / 100, limit, 2);
  return labelled([...magnitudes.map((value) => -value).reverse(), 0, ...magnitudes]);
}

/** Marks of a scale of positive values. */
export function magnitudeTicks(least: number, most: number, spacing: 'log' | 'linear'): ScaleTick[] {
  return labelled(spacing === 'log' ? logTicks(least, most, LOG_COUNT) : roundTicks(least, most, COUNT));
}

/** Marks of ln(|w| / smallest) in equal steps of the logarithm, which is what they are labelled with. */
export function ratioTicks(smallest: number, most: number): ScaleTick[] {
  if (!(smallest > 0)) return labelled([0]);
  const ratios = roundTicks(0, Math.log(most / smallest), COUNT);
  return labelled(ratios).map(({ value, label }) => ({ value: smallest * Math.exp(value), label }));
}

function labelled(values: readonly number[]): ScaleTick[] {
  const digits = digitsOf(values);
  return values.map((value) => ({ value, label: figureNumber(value, digits) }));
}
