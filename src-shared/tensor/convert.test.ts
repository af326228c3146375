import { describe, expect, it } from 'vitest';
import { bfloat16ToFloat, floatToBfloat16, floatToHalf, halfToFloat, toFloat32, toFloat64, toFloatType } from './convert';
import { randomFrom, seed } from './random';
import { floatTensor } from './tensor';

/** The nearest of the finite halves by search, ties to the even pattern: slow and obvious. */
function nearestHalf(value: number): number {
  const magnitude = Math.abs(value);
  let [low, high] = [0, 0x7bff];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (halfToFloat(middle) <= magnitude) low = middle;
    else high = middle;
  }
  const [below, above] = [magnitude - halfToFloat(low), halfToFloat(high) - magnitude];
  const bits = below < above || (below === above && low % 2 === 0) ? low : high;
  return bits | (Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 0x8000 : 0);
}

describe('half precision', () => {
  it('takes every half to a number and back', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = halfToFloat(bits);
      if (Number.isNaN(value)) expect(floatToHalf(value) & 0x7fff).toBe(0x7e00);
      else if (floatToHalf(value) !== bits) expect.fail(`pattern ${bits} came back as ${floatToHalf(value)}`);
    }
  });

  it('rounds to the nearest half, ties to even, below, in and at the edges of its range', () => {
    const random = randomFrom(seed(5));
    for (let i = 0; i < 20_000; i++) {
      const value = Math.fround((random.uniform() - 0.5) * 2 ** (random.integer(44) - 28));
      if (Math.abs(value) < 65504 && floatToHalf(value) !== nearestHalf(value)) expect.fail(`${value} became ${floatToHalf(value)}`);
    }
    const halfway = (halfToFloat(1) + halfToFloat(2)) / 2;
    expect([floatToHalf(halfway), floatToHalf(2 ** -25), floatToHalf(65519), floatToHalf(65520)]).toEqual([2, 0, 0x7bff, 0x7c00]);
  });

  it('keeps infinities and NaN', () => {
    expect([Infinity, -Infinity].map(floatToHalf)).toEqual([0x7c00, 0xfc00]);
    expect(halfToFloat(floatToHalf(NaN))).toBeNaN();
  });
});

describe('bfloat16', () => {
  it('rounds to nearest, ties to even, and keeps NaN a NaN', () => {
    // 1 + 2^-8 lies halfway between 1 and 1 + 2^-7; 1 + 3*2^-8 between 1 + 2^-7 and 1 + 2^-6.
    expect([1, 1 + 2 ** -8, 1 + 3 * 2 ** -8].map((value) => bfloat16ToFloat(floatToBfloat16(value)))).toEqual([1, 1, 1 + 2 ** -6]);
    expect(bfloat16ToFloat(floatToBfloat16(NaN))).toBeNaN();
    expect(bfloat16ToFloat(floatToBfloat16(3.4e38))).toBe(Infinity);
  });
});

describe('tensors', () => {
  const tensor = floatTensor([2, 2], Float32Array.of(1, -2.5, 65504, 1e-7));

  it('come back from half precision within half a unit in the last place', () => {
    const back = toFloat32(toFloatType(tensor, 'float16')).data;
    expect([...back.slice(0, 3)]).toEqual([1, -2.5, 65504]);
    // Below 2^-14 halves are multiples of 2^-24.
    expect(Math.abs(back[3] - 1e-7)).toBeLessThanOrEqual(2 ** -25);
  });

  it('widen without any change', () => {
    expect([...toFloat64(tensor)]).toEqual([...tensor.data]);
    expect([...toFloat64({ shape: [2], dtype: 'int64', data: BigInt64Array.of(-3n, 2n ** 40n) })]).toEqual([-3, 2 ** 40]);
    expect([...toFloat64({ shape: [2], dtype: 'uint8', data: Uint8Array.of(0, 255) })]).toEqual([0, 255]);
  });

  it('are narrowed where they are a part of a larger array', () => {
    const part = floatTensor([2], Float32Array.of(9, 1, 2).subarray(1));
    expect([...toFloat32(toFloatType(part, 'bfloat16')).data]).toEqual([1, 2]);
  });

  it('of integers keep their type: asking for another is an error', () => {
    expect(() => toFloatType({ shape: [], dtype: 'int64', data: BigInt64Array.of(1n) }, 'float16')).toThrow(TypeError);
  });
});
