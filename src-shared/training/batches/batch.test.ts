import { expect, it } from 'vitest';
import type { Sample } from '../../dataset/dataset';
import { classTargets } from './batch';

it('label smoothing e gives the right class 1 - e + e/K and every other e/K', () => {
  const sample: Sample = { pixels: new Uint8Array(3), height: 1, width: 1, channels: 3, label: 2 };
  const targets = [...classTargets([sample], 5, 0.1)];
  // Sums of float32 values near 1: within one rounding of 2^-24.
  [0.02, 0.02, 0.92, 0.02, 0.02].forEach((expected, k) => expect(Math.abs(targets[k] - expected)).toBeLessThan(2 ** -24));
});
