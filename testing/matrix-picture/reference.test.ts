import { describe, expect, it } from 'vitest';
import { NAN_CODE } from '@shared/colour/cell-value';
import { renderReference } from './reference';
import { defaultScale, NAN_COLORS, shaderTwin } from '@shared/colour/colouring';

const scale = defaultScale(4);
const colorOf = shaderTwin(scale);
const picture = { level: 0, rows: 2, columns: 2, cells: Float32Array.of(-4, 0, 4, NAN_CODE), size: { rows: 2, columns: 2 } };

describe('the reference picture', () => {
  it('shows each cell as a square of the zoom, transparent outside', () => {
    const viewport = { width: 8, height: 6 };
    const pixels = renderReference(picture, { x: 1, y: 1, zoom: 2 }, viewport, scale);
    const at = (x: number, y: number): number[] => [...pixels.subarray((y * 8 + x) * 4, (y * 8 + x) * 4 + 4)];
    expect(at(2, 1)).toEqual([...colorOf(-4, 0, 0), 255]);
    expect(at(3, 2)).toEqual([...colorOf(-4, 0, 0), 255]);
    expect(at(4, 1)).toEqual([...colorOf(0, 0, 0), 255]);
    expect(at(2, 3)).toEqual([...colorOf(4, 0, 0), 255]);
    expect(at(5, 4)).toEqual([...NAN_COLORS[(Math.floor(5 / 3) + Math.floor(4 / 3)) % 2], 255]);
    for (const [x, y] of [
      [1, 1],
      [6, 1],
      [2, 0],
      [2, 5],
    ])
      expect(at(x, y)[3]).toBe(0);
  });

  it('covers 2^level cells with one value of a pooled level', () => {
    const pixels = renderReference(
      { ...picture, level: 1, size: { rows: 4, columns: 3 } },
      { x: 2, y: 2, zoom: 1 },
      { width: 4, height: 4 },
      scale,
    );
    const reds = Array.from({ length: 4 }, (_, x) => pixels[x * 4]);
    // The matrix is three cells wide: the fourth pixel is outside, though the last value would cover it.
    expect(reds).toEqual([colorOf(-4, 0, 0)[0], colorOf(-4, 0, 0)[0], colorOf(0, 0, 0)[0], 0]);
  });
});
