import { createHash } from 'node:crypto';
import { access, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FetchProgress, PUBLISHED_DATASETS } from '@shared/dataset/published';
import { fetchDataset, fetchFiles } from './fetch-dataset';
import { openDataset } from '../open-dataset';
import { cifarRecords } from '../../../testing/datasets/tiny-datasets';

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) & 255));

/** How the server behaves, and what it was asked. */
interface Behaviour {
  content: Buffer;
  /** Breaks the connection after so many bytes. */
  breakAfter: number | null;
  ranges: boolean;
  readonly asked: (string | undefined)[];
}

let server: Server;
let folder = '';
let url = '';
let behaviour: Behaviour;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
  behaviour = { content: CONTENT, breakAfter: null, ranges: true, asked: [] };
  server = createServer((request, response) => {
    behaviour.asked.push(request.headers.range);
    if (request.url !== '/data.bin' && request.url !== '/data.tar.gz') return void response.writeHead(404).end();
    const start = behaviour.ranges ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    if (start >= behaviour.content.length) return void response.writeHead(416).end();
    const body = behaviour.content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length });
    if (behaviour.breakAfter === null) return void response.end(body);
    response.write(body.subarray(0, behaviour.breakAfter), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
const fetchData = (sum = md5(behaviour.content), onProgress?: (progress: FetchProgress) => void): Promise<void> =>
  fetchFiles([{ url: `${url}/data.bin`, md5: sum }], folder, { onProgress });

describe('fetching a file', () => {
  it('by two at once goes well for one; the other is told who fetches there', async () => {
    const outcomes = await Promise.allSettled([fetchData(), fetchData()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refusal] = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
    expect(refusal).toMatch(/is being fetched into by this program .*: wait until it ends, or stop it there, then try again/);
    expect(await readdir(folder)).toEqual(['data.bin']);
    expect(await readFile(join(folder, 'data.bin'))).toEqual(CONTENT);
  });

  it('reports progress and leaves the whole file, once', async () => {
    const seen: FetchProgress[] = [];
    await fetchData(undefined, (progress) => seen.push(progress));
    const whole = { file: 'data.bin', received: CONTENT.length, total: CONTENT.length };
    expect(seen.filter(({ stage }) => stage === 'download').at(-1)).toMatchObject(whole);
    expect(seen.at(-1)).toEqual({ ...whole, stage: 'check', number: 1, files: 1 });
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
    await fetchData();
    expect(behaviour.asked).toHaveLength(1);
  });

  it('goes on where a broken connection left off', async () => {
    behaviour.breakAfter = 100_000;
    await expect(fetchData()).rejects.toThrow('what has arrived is kept');
    expect(await readdir(folder)).toEqual(['data.bin.part']);
    behaviour.breakAfter = null;
    await fetchData();
    expect(behaviour.asked[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
    expect(await readdir(folder)).toEqual(['data.bin']);
  });

  it('starts over with a server that knows no ranges', async () => {
    await writeFile(join(folder, 'data.bin.part'), 'an earlier beginning');
    behaviour.ranges = false;
    await fetchData();
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
  });

  it('takes a part that is whole already, and drops one that is too long', async () => {
    await writeFile(join(folder, 'data.bin.part'), CONTENT);
    await fetchData();
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
    await rm(join(folder, 'data.bin'));
    await writeFile(join(folder, 'data.bin.part'), Buffer.concat([CONTENT, CONTENT]));
    await expect(fetchData()).rejects.toThrow('published is');
    await fetchData();
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
  });

  it('refuses content whose checksum is not the published one, and keeps none of it', async () => {
    await expect(fetchData('0'.repeat(32))).rejects.toThrow(/published is 0{32}; it was removed/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops when asked and resumes later', async () => {
    const stop = new AbortController();
    const fetching = fetchFiles([{ url: `${url}/data.bin`, md5: md5(CONTENT) }], folder, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(fetching).rejects.toThrow(/abort/i);
    await fetchData();
    expect(md5(await readFile(join(folder, 'data.bin')))).toBe(md5(CONTENT));
  });

  it('says what the server answered, and what names there are', async () => {
    await expect(fetchFiles([{ url: `${url}/nothing`, md5: '' }], folder)).rejects.toThrow('/nothing: the server answered 404');
    const names = PUBLISHED_DATASETS.map(({ name }) => name).join(', ');
    await expect(fetchDataset('cifar1', folder)).rejects.toThrow(`did you mean "cifar10"? Known: ${names}`);
    await expect(fetchDataset('imagenet', folder)).rejects.toThrow(/needs an account .*image-net\.org/);
  });
});

/** A tar archive of plain files (or of one entry of another type). */
function tar(entries: readonly (readonly [name: string, content: Uint8Array, type?: string])[]): Buffer {
  const blocks = entries.flatMap(([name, content, type = '0']) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    // The sum of the header's bytes, its own field counted as blanks.
    header.write(' '.repeat(8), 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function changed(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at] ^= 1;
  return other;
}

describe('fetching an archive', () => {
  const fetchArchive = (): Promise<void> =>
    fetchFiles([{ url: `${url}/data.tar.gz`, md5: md5(behaviour.content), unpacksTo: 'cifar-100-binary' }], folder);

  it('unpacks it into a data set that opens, and removes the archive', async () => {
    const records = cifarRecords([[0, 42]]);
    behaviour.content = gzipSync(
      tar([
        ['cifar-100-binary/', Buffer.alloc(0), '5'],
        ['cifar-100-binary/train.bin', records],
        ['cifar-100-binary/test.bin', records],
      ]),
    );
    await fetchArchive();
    expect(await readdir(folder)).toEqual(['cifar-100-binary']);
    const { train } = await openDataset({ kind: 'folder', path: folder });
    expect((await train.read([0]))[0].label).toBe(42);
    await fetchArchive();
    expect(behaviour.asked).toHaveLength(1);
  });

  it.each([
    ['a name that leads out', tar([['cifar-100-binary/../../evil', Buffer.from('x')]]), 'unexpected entry'],
    ['a link', tar([['cifar-100-binary/link', Buffer.alloc(0), '2']]), 'no plain file'],
    ['a cut', tar([['cifar-100-binary/train.bin', Buffer.alloc(3000)]]).subarray(0, 1500), 'damaged archive'],
    ['a header that was changed', changed(tar([['cifar-100-binary/train.bin', Buffer.alloc(512)]]), 20), 'damaged archive'],
    ['no archive at all', Buffer.alloc(5000, 'not a tar file '), 'damaged archive'],
  ])('refuses %s and leaves nothing unpacked', async (_, archive, message) => {
    behaviour.content = gzipSync(archive);
    await expect(fetchArchive()).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(['data.tar.gz']);
    await expect(access(join(folder, '..', 'evil'))).rejects.toThrow();
  });
});
