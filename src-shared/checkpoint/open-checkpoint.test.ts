import { expect, test } from 'vitest';
import { floatTensor } from '../tensor/tensor';
import { memorySource } from './byte-source';
import { openCheckpoint } from './open-checkpoint';

/** A safetensors file of one tensor whose header has this length. */
function withHeaderOf(length: number): Uint8Array<ArrayBuffer> {
  const header = `{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`.padEnd(length, ' ');
  const bytes = new Uint8Array(8 + length + 4);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  new DataView(bytes.buffer).setFloat32(8 + length, 2.5, true);
  return bytes;
}

// 0x80 and a protocol number are how a pickle begins; a header of such a length is one in 32 of all small ones.
test.each([0x80, 0x180, 0x280, 0x380, 0x480, 0x580, 0x10280, 0x20480])(
  'a safetensors header of %i bytes is not taken for a pickle',
  async (length) => {
    const file = await openCheckpoint(memorySource(withHeaderOf(length)), 'x.safetensors');
    expect(file.format).toBe('safetensors');
    expect(await file.readAll()).toEqual(new Map([['w', floatTensor([1], Float32Array.of(2.5))]]));
  },
);
