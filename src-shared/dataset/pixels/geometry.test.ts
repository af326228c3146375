import { expect, it } from 'vitest';
import { resizePlane } from './geometry';

it("scores are interpolated between pixel centres, as PyTorch's bilinear interpolation without aligned corners does", () => {
  const plane = Float32Array.of(1, 2, 4, 8, -3, 0.5);
  const enlarged = resizePlane(plane, { height: 2, width: 3 }, { height: 3, width: 5 });
  // F.interpolate(plane, (3, 5), mode='bilinear', align_corners=False)
  const expected = [1, 1.4, 2, 3.2, 4, 4.5, 2.5, -0.5, 1.15, 2.25, 8, 3.6, -3, -0.9, 0.5];
  enlarged.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  expect(enlarged).toHaveLength(expected.length);
});
