// Scales put zero in the middle, clip nothing and survive a matrix of zeros.
import { describe, expect, it } from 'vitest';
import { positiveScale, valueScale } from './value-scale';

describe('value scales', () => {
  const values = Float32Array.from([-4, -1, 0, 0.5, 2]);

  it.each(['linear', 'symlog', 'rank'] as const)('%s keeps zero in the middle, is odd and rises', (transform) => {
    const { position } = valueScale([values], transform);
    expect(position(0)).toBe(0.5);
    expect(position(1) - 0.5).toBeCloseTo(0.5 - position(-1), 12);
    const positions = [...values].map(position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(position(-4)).toBe(0);
  });

  it('log-ratio runs from the smallest to the largest magnitude', () => {
    const { position } = valueScale([values], 'log-ratio');
    expect([position(0.5), position(-4)]).toEqual([0, 1]);
    expect(position(2)).toBeCloseTo(2 / 3, 12);
  });

  it('of zeros only is grey, not NaN', () => {
    for (const transform of ['linear', 'symlog', 'rank', 'log-ratio'] as const)
      expect(valueScale([new Float32Array(4)], transform).position(0)).not.toBeNaN();
  });

  it('are marked with round numbers inside them, zero among those of a signed one', () => {
    const digits = (text: string): number => text.replace(/[−.]|e.*/g, '').replace(/^0+|0+$/g, '').length;
    const odd = Float32Array.from([-0.2147, 0.0153, 0.0011]);
    for (const transform of ['linear', 'symlog', 'rank', 'log-ratio'] as const) {
      const { ticks, position } = valueScale([odd], transform);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      for (const { value, label } of ticks) {
        expect(digits(label)).toBeLessThanOrEqual(2);
        expect(Math.abs(value)).toBeLessThanOrEqual(0.2148);
        expect(position(value)).toBeGreaterThanOrEqual(-1e-9);
        expect(position(value)).toBeLessThanOrEqual(1 + 1e-9);
      }
      if (transform !== 'log-ratio') expect(ticks.map(({ label }) => label)).toContain('0');
    }
    for (const spacing of ['log', 'linear'] as const)
      for (const { label } of positiveScale([[0.215, 1.937, 0.877]], spacing).ticks) expect(digits(label)).toBeLessThanOrEqual(2);
  });

  it('linear ones are marked in equal steps', () => {
    const labels = valueScale([Float32Array.from([0.0123])], 'linear').ticks.map(({ label }) => Number(label.replace('−', '-')));
    const steps = labels.slice(1).map((value, i) => value - labels[i]);
    for (const step of steps) expect(step).toBeCloseTo(steps[0], 12);
    expect(steps.length).toBeGreaterThanOrEqual(2);
  });
});
