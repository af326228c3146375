import { describe, expect, test } from 'vitest';
import { toleranceOf } from './tolerance';

describe('the tolerance', () => {
  test('of one layer is 1e-5 of its largest output in float32, 1e-6 where sums run in double precision', () => {
    expect(['webgl', 'webgpu', 'wasm'].map((backend) => toleranceOf(backend).at(1))).toEqual([1e-5, 1e-5, 1e-5]);
    expect(['cpu', 'reference'].map((backend) => toleranceOf(backend).at(1))).toEqual([1e-6, 1e-6]);
  });

  test('grows with the square root of the depth, as independent roundings do', () => {
    const { at } = toleranceOf('webgl');
    expect(at(400) / at(100)).toBeCloseTo(2, 12);
    // Twice the depth of the deepest published network still tells a difference of one in ten thousand.
    expect(at(2 * 66)).toBeLessThan(1e-4);
  });

  test('says why it is what it is', () => {
    expect(toleranceOf('webgl').reason).toMatch(/float32/);
    expect(toleranceOf('cpu').reason).toMatch(/double precision/);
  });
});
