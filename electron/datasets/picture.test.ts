import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pictureRemarks, readLabelMap, readPicture } from './picture';
import { jpg, png, refusal } from '../../testing/datasets/tiny-datasets';

const reference = join(import.meta.dirname, '../../tests/reference/pictures');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picture-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

it('a grey PNG of 1, 2 or 4 bits has whites of 255, tripled', async () => {
  for (const name of ['grey1.png', 'grey2_interlaced.png', 'grey4.png']) {
    const { pixels, channels } = await readPicture(join(reference, name));
    expect([channels, Math.max(...pixels), Math.min(...pixels)]).toEqual([3, 255, 0]);
    expect(pixels[0]).toBe(pixels[2]);
  }
});

it('a picture of 30000x30000 is refused by its header, before anything is decoded', async () => {
  const large = Uint8Array.from(png(2, 2, [1, 2, 3]));
  const view = new DataView(large.buffer);
  [16, 20].forEach((at) => view.setUint32(at, 30_000));
  view.setUint32(29, crc32(large.subarray(12, 29)));
  expect(await refusal(async () => readPicture(await file('large.png', large)))).toMatch(/large\.png: is 30000x30000; at most/);
  const jpeg = Uint8Array.from(jpg(8, 8, [1, 2, 3]));
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  [5, 7].forEach((offset) => new DataView(jpeg.buffer).setUint16(frame + offset, 30_000));
  expect(await refusal(async () => readPicture(await file('large.jpg', jpeg)))).toMatch(/large\.jpg: is 30000x30000; at most/);
});

it('a label map gives its values, or the entries of its palette, not colours', async () => {
  const palette = await readLabelMap(join(reference, 'palette4.png'));
  expect([palette.channels, Math.max(...palette.pixels) < 16]).toEqual([1, true]);
  expect(await refusal(() => readLabelMap(join(reference, 'grey4.png')))).toMatch(/one 8-bit channel, this one is grey of 4 bits/);
  expect(await refusal(() => readLabelMap(join(reference, 'jpeg_444.jpg')))).toMatch(/a label map must be a PNG/);
});

it('grey of 16 bits is scaled and said to be, since torchvision cuts it off', async () => {
  expect((await pictureRemarks(join(reference, 'grey16.png')))[0]).toMatch(/grey16\.png is grey of 16 bits: .* scaled/);
  for (const name of ['grey8.png', 'rgb16.png', 'jpeg_444.jpg']) expect(await pictureRemarks(join(reference, name))).toEqual([]);
});
