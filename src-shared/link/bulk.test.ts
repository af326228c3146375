import { describe, expect, it } from 'vitest';
import { attachArrays, detachArrays } from './bulk';

/** Over the wire and back: the body as JSON, the arrays as bytes. */
function travelled(message: unknown): unknown {
  const { body, arrays } = detachArrays(message);
  return attachArrays(JSON.parse(JSON.stringify(body)), arrays);
}

describe('a message of the engine', () => {
  it('arrives as it was sent: arrays of every type, in lists and objects', () => {
    const weights = [
      ['fc3.weight', { shape: [2, 2], dtype: 'float32', data: Float32Array.of(1.5, -0.1, NaN, Infinity) }],
      ['bn.num_batches_tracked', { shape: [], dtype: 'int64', data: BigInt64Array.of(2n ** 60n + 1n) }],
      ['flags', { shape: [3], dtype: 'uint8', data: Uint8Array.of(1, 2, 3) }],
      ['half', { shape: [1], dtype: 'float16', data: Uint16Array.of(0x3c00) }],
      ['empty', { shape: [0], dtype: 'float64', data: new Float64Array(0) }],
    ];
    const message = { i: '7', p: { b: { weights, list: [null, 'x', true, 0.1] } } };
    expect(travelled(message)).toEqual(message);
  });

  it('carries only its own part of a shared buffer', () => {
    const shared = Float32Array.from({ length: 100 }, (_, i) => i);
    const { arrays } = detachArrays({ part: shared.subarray(10, 14) });
    expect(arrays?.byteLength).toBe(16);
    expect(travelled({ part: shared.subarray(10, 14) })).toEqual({ part: Float32Array.of(10, 11, 12, 13) });
  });

  it('has no second body where it has no arrays', () => {
    expect(detachArrays({ i: '1', t: 4 })).toEqual({ body: { i: '1', t: 4 }, arrays: null });
  });

  it('is refused where its arrays have no place in a checkpoint or a batch', () => {
    expect(() => detachArrays({ view: new DataView(new ArrayBuffer(8)) })).toThrow('arrays of type DataView');
  });
});
