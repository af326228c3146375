// A film's container read back by a reader of its own: nested elements by RFC 8794, names by RFC 9559.
import { describe, expect, it } from 'vitest';
import { toWebm, type WebmFilm } from './webm';

interface Element {
  readonly id: number;
  readonly at: number;
  readonly data: Uint8Array;
}

/** The elements of a stretch of bytes; lengths of variable size, as any writer may use them. */
function elementsOf(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const width = Math.clz32(bytes[at]) - 23;
    let id = 0;
    for (let i = 0; i < width; i++) id = id * 256 + bytes[at++];
    const lengthWidth = Math.clz32(bytes[at]) - 23;
    let length = bytes[at++] - 2 ** (8 - lengthWidth);
    for (let i = 1; i < lengthWidth; i++) length = length * 256 + bytes[at++];
    found.push({ id, at: start, data: bytes.subarray(at, at + length) });
    at += length;
  }
  return found;
}
const inside = (bytes: Uint8Array, ...path: number[]): Uint8Array =>
  path.reduce((data, id) => {
    const found = elementsOf(data).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no element ${id.toString(16)}`);
    return found.data;
  }, bytes);
const numberIn = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const SEGMENT = 0x18538067;
const film: WebmFilm = {
  codec: 'vp9',
  width: 640,
  height: 360,
  duration: 4000,
  title: 'FC3 over the epochs',
  pictures: [
    { data: Uint8Array.of(1, 2, 3), at: 0, isKey: true },
    { data: Uint8Array.of(4), at: 1000, isKey: false },
    { data: Uint8Array.from({ length: 300 }, (_, i) => i % 256), at: 2500, isKey: true },
  ],
  colour: { matrix: 1, transfer: 1, primaries: 1, isFull: false },
};
const bytes = toWebm(film);

describe('a film as WebM', () => {
  it('says what it is, its size and its length', () => {
    expect(elementsOf(bytes).map(({ id }) => id)).toEqual([0x1a45dfa3, SEGMENT]);
    expect(textIn(inside(bytes, 0x1a45dfa3, 0x4282))).toBe('webm');
    const info = inside(bytes, SEGMENT, 0x1549a966);
    expect(numberIn(inside(info, 0x2ad7b1))).toBe(1_000_000);
    const duration = inside(info, 0x4489);
    expect(new DataView(duration.buffer, duration.byteOffset).getFloat64(0)).toBe(4000);
    expect(textIn(inside(info, 0x7ba9))).toBe('FC3 over the epochs');
    const track = inside(bytes, SEGMENT, 0x1654ae6b, 0xae);
    expect(textIn(inside(track, 0x86))).toBe('V_VP9');
    expect([numberIn(inside(track, 0xe0, 0xb0)), numberIn(inside(track, 0xe0, 0xba))]).toEqual([640, 360]);
    expect(numberIn(inside(track, 0xe0, 0x55b0, 0x55b1))).toBe(1);
  });

  it('has every picture at its time, whole, a cluster for each key picture', () => {
    const clusters = elementsOf(inside(bytes, SEGMENT)).filter(({ id }) => id === 0x1f43b675);
    const pictures = clusters.flatMap(({ data }) => {
      const from = numberIn(inside(data, 0xe7));
      return elementsOf(data)
        .filter(({ id }) => id === 0xa3)
        .map((block) => {
          const view = new DataView(block.data.buffer, block.data.byteOffset);
          return { data: block.data.slice(4), at: from + view.getInt16(1), isKey: (block.data[3] & 0x80) !== 0 };
        });
    });
    expect(clusters).toHaveLength(2);
    expect(pictures).toEqual(film.pictures);
  });

  it('points from its cues to where the clusters are', () => {
    const segment = inside(bytes, SEGMENT);
    const clusters = elementsOf(segment).filter(({ id }) => id === 0x1f43b675);
    const cues = elementsOf(inside(segment, 0x1c53bb6b)).map(({ data }) => numberIn(inside(data, 0xb7, 0xf1)));
    expect(cues).toEqual(clusters.map(({ at }) => at));
  });

  it('begins another cluster before a time leaves the 16 bits it has', () => {
    const long = [0, 20_000, 40_000, 60_000].map((at, i) => ({ data: Uint8Array.of(i), at, isKey: i === 0 }));
    const clusters = elementsOf(inside(toWebm({ ...film, duration: 70_000, pictures: long }), SEGMENT)).filter(
      ({ id }) => id === 0x1f43b675,
    );
    expect(clusters.map(({ data }) => numberIn(inside(data, 0xe7)))).toEqual([0, 40_000]);
  });

  it.each([
    ['no pictures', []],
    ['a first picture that needs others', [{ data: Uint8Array.of(1), at: 0, isKey: false }]],
    ['times that do not rise', [0, 0].map((at) => ({ data: Uint8Array.of(1), at, isKey: true }))],
    ['a picture behind its end', [0, 5000].map((at) => ({ data: Uint8Array.of(1), at, isKey: true }))],
  ])('refuses %s', (_, pictures) => {
    expect(() => toWebm({ ...film, pictures })).toThrow(RangeError);
  });
});
