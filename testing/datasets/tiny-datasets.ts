// Tiny data sets in the published layouts, for the loaders' tests: written anew into a folder each time; and what
// those tests ask of them.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import type { Sample, SampleSource } from '@shared/dataset/dataset';
import { UserError } from '@shared/base/user-error';

/** Writes a file, making its folder. */
export async function put(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** A one-colour PNG. */
export function png(width: number, height: number, colour: readonly number[]): Uint8Array {
  const data = Uint8Array.from({ length: width * height * colour.length }, (_, i) => colour[i % colour.length]);
  return encodePng({ width, height, data, channels: colour.length, depth: 8 });
}

/** A one-colour JPEG. */
export function jpg(width: number, height: number, [r, g, b]: readonly [number, number, number]): Uint8Array {
  const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => [r, g, b, 255][i % 4]);
  return jpeg.encode({ width, height, data }, 95).data;
}

/** CIFAR records: label bytes, then three planes whose first pixel is [index, 100, 200]. */
export function cifarRecords(labels: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from(labels.flatMap((label, index) => [...label, ...planar(index)]));
}

function planar(index: number): number[] {
  const pixels = new Array<number>(3072).fill(7);
  pixels[0] = index;
  pixels[1024] = 100;
  pixels[2048] = 200;
  return pixels;
}

/** CIFAR-10 in its binary version: `perFile` records in each of the six files. */
export async function putCifar10(folder: string, perFile: number): Promise<void> {
  const labels = Array.from({ length: perFile }, (_, i) => [i % 10]);
  for (const name of ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'])
    await put(join(folder, `${name}.bin`), cifarRecords(labels));
  const names = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
  await put(join(folder, 'batches.meta.txt'), `${names.join('\n')}\n\n`);
}

/** One python-version batch as cPickle of Python 2 wrote it: protocol 2, byte strings, a numpy array. */
export function pickledCifarBatch(labelsName: string, labels: readonly number[]): Uint8Array {
  const data = Buffer.from(labels.flatMap((_, index) => planar(index)));
  return Buffer.concat([
    Buffer.from('\x80\x02}q\x01(', 'latin1'),
    shortString('data'),
    Buffer.from('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n', 'latin1'),
    Buffer.from('K\x00\x85', 'latin1'),
    shortString('b'),
    Buffer.from('\x87R(K\x01', 'latin1'),
    Buffer.from([0x4d, labels.length & 255, labels.length >> 8, 0x4d, 3072 & 255, 3072 >> 8, 0x86]),
    Buffer.from('cnumpy\ndtype\n', 'latin1'),
    shortString('u1'),
    Buffer.from('K\x00K\x01\x87R(K\x03', 'latin1'),
    shortString('|'),
    Buffer.from('NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89', 'latin1'),
    longString(data),
    Buffer.from('tb', 'latin1'),
    shortString(labelsName),
    Buffer.from('](', 'latin1'),
    Buffer.from(labels.flatMap((label) => [0x4b, label])),
    Buffer.from('eu.', 'latin1'),
  ]);
}

/** A pickled dict with one list of names. */
export function pickledNames(key: string, names: readonly string[]): Uint8Array {
  const list = Buffer.concat([Buffer.from(']('), ...names.map(shortString), Buffer.from('e')]);
  return Buffer.concat([Buffer.from('\x80\x02}(', 'latin1'), shortString(key), list, Buffer.from('u.')]);
}

function shortString(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x55, text.length]), Buffer.from(text, 'latin1')]);
}

function longString(bytes: Buffer): Buffer {
  const head = Buffer.from([0x54, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** An idx file of bytes. */
export function idx(shape: readonly number[], data: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.writeUInt32BE(0x0800 + shape.length);
  shape.forEach((size, i) => head.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([head, Buffer.from(data)]);
}

/** MNIST's four files, 2x3 pixels: pixel j of picture i is 10 i + j, its label i. */
export async function putIdx(folder: string, { train, test, gzip }: { train: number; test: number; gzip: boolean }): Promise<void> {
  for (const [prefix, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const pixels = Array.from({ length: count * 6 }, (_, i) => 10 * Math.floor(i / 6) + (i % 6));
    const files = {
      [`${prefix}-images-idx3-ubyte`]: idx([count, 2, 3], pixels),
      [`${prefix}-labels-idx1-ubyte`]: idx(
        [count],
        Array.from({ length: count }, (_, i) => i),
      ),
    };
    for (const [name, bytes] of Object.entries(files)) await put(join(folder, gzip ? `${name}.gz` : name), gzip ? gzipSync(bytes) : bytes);
  }
}

/** Cityscapes with one city per split; the label map is one id, 255 in its first pixel. */
export async function putCityscapes(folder: string, id: number): Promise<void> {
  for (const [split, city] of [
    ['train', 'aachen'],
    ['val', 'ulm'],
  ]) {
    const stem = `${city}_000000_000019`;
    await put(join(folder, 'leftImg8bit', split, city, `${stem}_leftImg8bit.png`), png(4, 2, [10, 20, 30]));
    const labels = encodePng({ width: 4, height: 2, data: Uint8Array.of(255, id, id, id, id, id, id, id), channels: 1, depth: 8 });
    await put(join(folder, 'gtFine', split, city, `${stem}_gtFine_labelIds.png`), labels);
  }
}

/** One sample of a source. */
export async function first(source: SampleSource, index = 0): Promise<Sample> {
  return (await source.read([index]))[0];
}

/** The message of the UserError that opening (or reading everything) ends in. */
export async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}
