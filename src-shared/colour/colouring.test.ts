import { describe, expect, it } from 'vitest';
import { NAN_CODE, INFINITY_CODE, VOID } from './cell-value';
import { COLOUR_SCALE_NAMES, colourScale, type ColourScaleName } from './scales';
import { colourAt, hex, LUT_LENGTH, lutOf, rgbOf } from './table';
import { RANK_LENGTH, type ValueTransform } from './transform';
import {
  defaultScale,
  NAN_COLORS,
  positionOf,
  plainColors,
  shaderTwin,
  transformed,
  untransformed,
  VOID_COLOR,
  type Colouring,
} from './colouring';
import { denseSource } from '../matrix/source';
import { gatherStatistics, magnitudePercentile, magnitudeShares, signedHistogram, type MatrixStatistics } from '../matrix/statistics';

function count(values: number[]): MatrixStatistics {
  const finite = values.filter(Number.isFinite);
  const work = gatherStatistics(denseSource(Float32Array.from(values), 1, values.length), {
    min: Math.fround(Math.min(...finite)),
    max: Math.fround(Math.max(...finite)),
  });
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

const VALUES = Array.from({ length: 1001 }, (_, k) => (k - 400) / 100);
const STATISTICS = count(VALUES);

const scaleWith = (transform: ValueTransform, change: Partial<Colouring> = {}): Colouring => ({
  ...defaultScale(6),
  transform,
  threshold: 0.1,
  smallest: 0.01,
  shares: magnitudeShares(STATISTICS, RANK_LENGTH),
  rankMax: STATISTICS.maxAbs,
  ...change,
});

const ofKind = (kind: string) => COLOUR_SCALE_NAMES.filter((name) => colourScale(name).kind === kind);

describe('colour scales', () => {
  it.each(COLOUR_SCALE_NAMES)('%s begins and ends with its published stops', (name) => {
    const lut = lutOf(name);
    const { stops } = colourScale(name);
    expect([...lut.subarray(0, 3)]).toEqual([...rgbOf(stops[0])]);
    expect([...lut.subarray(4 * LUT_LENGTH - 4, 4 * LUT_LENGTH - 1)]).toEqual([...rgbOf(stops[stops.length - 1])]);
  });

  it('are the published ones', () => {
    const at = (name: ColourScaleName, position: number) => hex(colourAt(name, position));
    // Matplotlib's table of viridis, and the end and middle classes of ColorBrewer's PRGn (11), YlGn (9) and Greys (9).
    expect([0, 0.5, 1].map((position) => at('viridis', position))).toEqual(['#440154', '#21918c', '#fde725']);
    expect([0, 0.5, 1].map((position) => at('purple-green', position))).toEqual(['#40004b', '#f7f7f7', '#00441b']);
    expect([0, 1].map((position) => at('paper-green', position))).toEqual(['#ffffe5', '#004529']);
    expect([0, 1].map((position) => at('grey', position))).toEqual(['#ffffff', '#000000']);
  });

  it.each(ofKind('diverging'))('%s is neutral at zero', (name) => {
    const [r, g, b] = shaderTwin({ ...defaultScale(1), map: name })(0, 0, 0);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
  });

  it.each(ofKind('sequential'))('%s changes lightness in one direction', (name) => {
    const lut = lutOf(name);
    const lightness = Array.from({ length: LUT_LENGTH }, (_, k) => 0.2126 * lut[4 * k] + 0.7152 * lut[4 * k + 1] + 0.0722 * lut[4 * k + 2]);
    const direction = Math.sign(lightness[LUT_LENGTH - 1] - lightness[0]);
    // Rounding to bytes may step back by less than one unit.
    expect(lightness.every((value, k) => k === 0 || (value - lightness[k - 1]) * direction > -1)).toBe(true);
  });
});

describe('transforms', () => {
  it.each(['linear', 'symlog', 'rank'] as const)('%s is odd, increasing and undone by its inverse', (transform) => {
    const scale = scaleWith(transform);
    let before = -Infinity;
    for (let value = -3.9; value < 4; value += 0.1) {
      const t = transformed(scale, value);
      expect(t).toBeGreaterThan(before);
      expect(t).toBeCloseTo(-transformed(scale, -value), 10);
      // Where the rank table is flat its inverse is any point of that entry: 1/1024 of the range.
      const slack = transform === 'rank' ? scale.rankMax / RANK_LENGTH : 1e-8;
      expect(Math.abs(untransformed(scale, t) - value)).toBeLessThanOrEqual(slack);
      before = t;
    }
  });

  it('log-ratio is ln(|w| / min |w|): 0 at the smallest magnitude, sign ignored', () => {
    const scale = scaleWith('log-ratio');
    expect(transformed(scale, 0.01)).toBeCloseTo(0, 12);
    expect(transformed(scale, -0.01 * Math.E ** 2)).toBeCloseTo(2, 12);
    expect(untransformed(scale, 2)).toBeCloseTo(0.01 * Math.E ** 2, 12);
  });

  it('rank is the share of smaller magnitudes', () => {
    const scale = scaleWith('rank');
    const smaller = VALUES.filter((value) => Math.abs(value) < 2).length / VALUES.length;
    expect(transformed(scale, 2)).toBeCloseTo(smaller, 2);
    expect(transformed(scale, STATISTICS.maxAbs)).toBeCloseTo(1, 12);
  });

  it('puts the limits at 0 and 1', () => {
    for (const transform of ['linear', 'symlog', 'rank'] as const) {
      const scale = scaleWith(transform, { low: -2, high: 3 });
      expect(positionOf(scale, -2)).toBeCloseTo(0, 12);
      expect(positionOf(scale, 3)).toBeCloseTo(1, 12);
    }
  });
});

describe('marks', () => {
  const colorOf = shaderTwin(defaultScale(1));
  const [under, over] = [rgbOf(colourScale('blue-orange').under), rgbOf(colourScale('blue-orange').over)];

  it('NaN is a pattern of two colours that no colour map has', () => {
    expect(colorOf(NAN_CODE, 0, 0)).toEqual(NAN_COLORS[0]);
    expect(colorOf(NAN_CODE, 3, 0)).toEqual(NAN_COLORS[1]);
    expect([...lutOf('blue-orange')].join(',')).not.toContain(NAN_COLORS[0].join(','));
  });

  it('infinities are striped in the direction of their sign', () => {
    expect(colorOf(INFINITY_CODE, 3, 0)).toEqual(over);
    expect(colorOf(-INFINITY_CODE, 3, 0)).toEqual(under);
    expect(colorOf(INFINITY_CODE, 0, 0)).toEqual(colorOf(-INFINITY_CODE, 0, 0));
    expect(colorOf(INFINITY_CODE, 1, 1)).not.toEqual(colorOf(-INFINITY_CODE, 1, 1));
  });

  it('in small maps are one colour each, without a pattern', () => {
    const plain = plainColors(defaultScale(1));
    expect([NaN, Infinity, -Infinity].map(plain)).toEqual([NAN_COLORS[0], over, under]);
  });

  it('clipped values have their own colours when asked for, the end colours otherwise', () => {
    expect(colorOf(1.5, 0, 0)).toEqual(over);
    expect(colorOf(-1.5, 0, 0)).toEqual(under);
    const plain = shaderTwin({ ...defaultScale(1), markClipped: false });
    expect(plain(1.5, 0, 0)).toEqual(plain(1, 0, 0));
    expect(plain(1, 0, 0)).not.toEqual(over);
  });

  it('missing cells are background', () => {
    expect(colorOf(VOID, 0, 0)).toEqual(VOID_COLOR);
  });
});

describe('statistics', () => {
  it('count values, zeros, NaN and infinities apart', () => {
    const { count: total, zeros, nans, infinities, minAbs, maxAbsAt, min, max } = count([0, 0, -2, 4, NaN, Infinity, -Infinity, 0.5]);
    expect({ total, zeros, nans, infinities, minAbs, maxAbsAt, min, max }).toEqual({
      total: 5,
      zeros: 2,
      nans: 1,
      infinities: 2,
      minAbs: 0.5,
      maxAbsAt: { row: 0, column: 3 },
      min: -2,
      max: 4,
    });
  });

  it('percentiles are exact to one bin', () => {
    const magnitudes = VALUES.map(Math.abs).sort((a, b) => a - b);
    for (const share of [0.1, 0.5, 0.99]) {
      const exact = magnitudes[Math.ceil(share * magnitudes.length) - 1];
      // One bin is maxAbs / 8192.
      expect(Math.abs(magnitudePercentile(STATISTICS, share) - exact)).toBeLessThanOrEqual(STATISTICS.maxAbs / 8192 + 1e-6);
    }
  });

  it('the histogram holds every value once', () => {
    const bars = signedHistogram(STATISTICS, 64);
    expect(bars.reduce((sum, bar) => sum + bar)).toBe(VALUES.length);
    expect(bars.slice(0, 32).reduce((sum, bar) => sum + bar)).toBe(400);
  });
});
