// Scales put zero in the middle, clip nothing and survive a matrix of zeros.
import { describe, expect, it } from 'vitest';
import { valueScale } from './value-scale';

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
});
