import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { jpegRgb, jpegSize } from './jpeg/jpeg';
import { pngRgb, type Inflate } from './png';

const folder = fileURLToPath(new URL('../../../tests/reference/pictures/', import.meta.url));
/** What Pillow's convert('RGB') gives; `make.py` there made both. */
interface Expected {
  readonly width: number;
  readonly height: number;
  readonly rgb: string;
}
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<string, Expected>;
const names = Object.keys(expected);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(folder + name));
const inflate: Inflate = (compressed, most) => inflateSync(compressed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH });

it('every picture of the reference is expected to be something', () => {
  expect(
    readdirSync(folder)
      .filter((name) => /\.(png|jpg)$/.test(name))
      .sort(),
  ).toEqual([...names].sort());
});

it.each(names)('%s is read as Pillow reads it, to the byte', (name) => {
  const bytes = bytesOf(name);
  const { width, height, pixels } = name.endsWith('.png') ? pngRgb(bytes, inflate) : jpegRgb(bytes);
  const { rgb, ...size } = expected[name];
  expect({ width, height }).toEqual({ width: size.width, height: size.height });
  expect(Buffer.from(pixels).toString('hex')).toBe(Buffer.from(rgb, 'base64').toString('hex'));
});

describe('what is broken', () => {
  it('is refused at whatever byte a PNG or a JPEG ends, but for what follows the pixels', () => {
    for (const name of ['rgb8_many_idat.png', 'jpeg_420.jpg', 'jpeg_420_progressive.jpg', 'jpeg_restart_blocks.jpg']) {
      const bytes = bytesOf(name);
      const read = (part: Uint8Array): unknown => (name.endsWith('.png') ? pngRgb(part, inflate) : jpegRgb(part));
      // The end of a PNG takes twelve bytes, whose last four are a checksum; that of a JPEG two, which only a progressive one needs.
      const last = bytes.length - (name.endsWith('.png') ? 5 : name.includes('progressive') ? 1 : 3);
      for (let length = 8; length < last; length += 7)
        expect(() => read(bytes.subarray(0, length))).toThrow(/early|begin|short|hold|missing/);
    }
  });

  it('is not a JPEG whose end marker was left out, as some writers do', () => {
    const bytes = bytesOf('jpeg_420.jpg');
    expect(jpegRgb(bytes.subarray(0, -2))).toEqual(jpegRgb(bytes));
  });

  it('never hangs or gives pixels of another size, whichever byte is changed', () => {
    for (const name of ['palette4_trns.png', 'jpeg_420_progressive.jpg', 'jpeg_restart_blocks.jpg', 'jpeg_cmyk.jpg']) {
      const good = bytesOf(name);
      for (let at = 2; at < good.length; at += 3) {
        const bytes = Uint8Array.from(good);
        bytes[at] ^= 1 + ((at * 37) % 255);
        try {
          // Only small sizes: what a changed header asks for is bounded by the caller.
          if (!name.endsWith('.png') && jpegSize(bytes).width * jpegSize(bytes).height > 1e5) continue;
          const { width, height, pixels } = name.endsWith('.png') ? pngRgb(bytes, inflate) : jpegRgb(bytes);
          expect(pixels.length).toBe(3 * width * height);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(String(error)).not.toMatch(/undefined|not a function|Invalid array/);
        }
      }
    }
  });
});
