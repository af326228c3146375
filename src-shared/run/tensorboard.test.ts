import { describe, expect, it } from 'vitest';
import { crc32c, tensorboardHeader, tensorboardRecord } from './tensorboard';

/** Contents of the records of an event file; their lengths and checksums are checked. */
function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const unmasked = (at: number): number => {
    const turned = (view.getUint32(at, true) - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(unmasked(at + 8)).toBe(crc32c(file.subarray(at, at + 8)));
    const content = file.subarray(at + 12, at + 12 + length);
    expect(unmasked(at + 12 + length)).toBe(crc32c(content));
    records.push(content);
    at += 16 + length;
  }
  return records;
}

describe('TensorBoard event files', () => {
  it('use CRC-32C, whose value for the digits 1 to 9 is published', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it('begin with the version record', () => {
    const [content] = recordsOf(tensorboardHeader(2));
    // Field 1 (double 2.0), field 3 (text of 13 bytes).
    expect([...content.subarray(0, 11)]).toEqual([0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x1a, 13]);
    expect(new TextDecoder().decode(content.subarray(11))).toBe('brain.Event:2');
  });

  it('hold each number of a step under its tag, at the step counted over the run', () => {
    const step = {
      type: 'step',
      epoch: 3,
      step: 50,
      stepsPerEpoch: 100,
      loss: 1.5,
      metric: 0.25,
      learningRate: 0.1,
      imagesPerSecond: 80,
      secondsPerStep: 0.25,
    } as const;
    const [content] = recordsOf(tensorboardRecord({ ...step, secondsLeft: 9, tensors: 1, bytes: 4 }, 2));
    // Field 2: varint 250 = 0xfa 0x01.
    expect([...content.subarray(9, 12)]).toEqual([0x10, 0xfa, 0x01]);
    const tag = new TextEncoder().encode('train/loss');
    const value = [0x0a, 17, 0x0a, tag.length, ...tag, 0x15, 0, 0, 0xc0, 0x3f];
    expect([...content.subarray(14, 14 + value.length)]).toEqual(value);
  });

  it('have nothing for events without numbers', () => {
    expect(tensorboardRecord({ type: 'state', state: 'running', message: '' }, 1)).toHaveLength(0);
  });
});
