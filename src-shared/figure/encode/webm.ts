// Encoded pictures of a film as a WebM file (the WebM container guidelines; elements of Matroska, RFC 9559): one video track, a
// cluster for every key picture, cues to all of them. Invariant: the file's length is the one stated, to the millisecond.
import { joinedBytes } from '../../base/joined-bytes';

/** One encoded picture; times in milliseconds from the start, rising. */
export interface FilmPicture {
  readonly data: Uint8Array;
  readonly at: number;
  /** Whether it can be decoded by itself. */
  readonly isKey: boolean;
}

export interface WebmFilm {
  readonly codec: 'vp8' | 'vp9';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly title: string;
  readonly pictures: readonly FilmPicture[];
  /** What the encoder made of the colours, by the numbers of ITU-T H.273; as is usual where left out. */
  readonly colour?: { readonly matrix: number; readonly transfer: number; readonly primaries: number; readonly isFull: boolean };
}

/** A block's time is a signed 16-bit number of milliseconds after its cluster's. */
const LONGEST_CLUSTER = 30_000;

/** The file. Throws RangeError where the first picture is no key picture, or times do not rise. */
export function toWebm(film: WebmFilm): Uint8Array {
  const { pictures } = film;
  if (pictures.length === 0 || !pictures[0].isKey) throw new RangeError('a film begins with a key picture');
  const isRising = pictures.every(({ at }, i) => at >= 0 && (i === 0 || at > pictures[i - 1].at));
  if (!isRising || pictures[pictures.length - 1].at > film.duration) throw new RangeError('the times of pictures rise within the film');
  const head = [infoOf(film), tracksOf(film)];
  const clusters = clustersOf(pictures);
  const before = head.reduce((sum, { length }) => sum + length, 0);
  const places = clusters.map((_, i) => before + clusters.slice(0, i).reduce((sum, { bytes }) => sum + bytes.length, 0));
  const cues = element(
    0x1c53bb6b,
    clusters.map(({ at }, i) => element(0xbb, [unsigned(0xb3, at), element(0xb7, [unsigned(0xf7, 1), unsigned(0xf1, places[i])])])),
  );
  return joinedBytes([header(), element(0x18538067, [...head, ...clusters.map(({ bytes }) => bytes), cues])]);
}

function header(): Uint8Array {
  const numbers = [unsigned(0x4286, 1), unsigned(0x42f7, 1), unsigned(0x42f2, 4), unsigned(0x42f3, 8)];
  return element(0x1a45dfa3, [...numbers, text(0x4282, 'webm'), unsigned(0x4287, 4), unsigned(0x4285, 2)]);
}

/** Times are in milliseconds: a million nanoseconds each. */
function infoOf({ duration, title }: WebmFilm): Uint8Array {
  const program = 'RepMLP Studio';
  return element(0x1549a966, [
    unsigned(0x2ad7b1, 1_000_000),
    float(0x4489, duration),
    text(0x7ba9, title),
    text(0x4d80, program),
    text(0x5741, program),
  ]);
}

function tracksOf({ codec, width, height, colour }: WebmFilm): Uint8Array {
  const colours =
    colour === undefined
      ? []
      : [
          element(0x55b0, [
            unsigned(0x55b1, colour.matrix),
            unsigned(0x55b9, colour.isFull ? 2 : 1),
            unsigned(0x55ba, colour.transfer),
            unsigned(0x55bb, colour.primaries),
          ]),
        ];
  const video = element(0xe0, [unsigned(0xb0, width), unsigned(0xba, height), ...colours]);
  // Number, unique number, type 1 (video), no lacing.
  const track = [unsigned(0xd7, 1), unsigned(0x73c5, 1), unsigned(0x83, 1), unsigned(0x9c, 0)];
  return element(0x1654ae6b, [element(0xae, [...track, text(0x86, codec === 'vp9' ? 'V_VP9' : 'V_VP8'), video])]);
}

interface Cluster {
  readonly at: number;
  readonly bytes: Uint8Array;
}

function clustersOf(pictures: readonly FilmPicture[]): Cluster[] {
  const groups: FilmPicture[][] = [];
  for (const picture of pictures) {
    const group = groups.at(-1);
    if (group === undefined || picture.isKey || picture.at - group[0].at > LONGEST_CLUSTER) groups.push([picture]);
    else group.push(picture);
  }
  return groups.map((group) => {
    const [{ at }] = group;
    return {
      at: Math.round(at),
      bytes: element(0x1f43b675, [unsigned(0xe7, Math.round(at)), ...group.map((picture) => blockOf(picture, Math.round(at)))]),
    };
  });
}

/** A SimpleBlock: track, time after the cluster's, flags, the picture. */
function blockOf({ data, at, isKey }: FilmPicture, from: number): Uint8Array {
  const head = new Uint8Array(4);
  head[0] = 0x81;
  new DataView(head.buffer).setInt16(1, Math.round(at) - from);
  head[3] = isKey ? 0x80 : 0;
  return element(0xa3, [head, data]);
}

/** An element: its id, the length of what it holds in eight bytes, and that. */
function element(id: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = new Uint8Array(8);
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  new DataView(length.buffer).setBigUint64(0, BigInt(size) | (1n << 56n));
  return joinedBytes([bigEndian(id), length, ...parts]);
}

function unsigned(id: number, value: number): Uint8Array {
  return element(id, [bigEndian(value)]);
}

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, [bytes]);
}

function text(id: number, value: string): Uint8Array {
  return element(id, [new TextEncoder().encode(value)]);
}

/** As many bytes as the number needs, one at least. */
function bigEndian(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes.length === 0 ? [0] : bytes);
}
