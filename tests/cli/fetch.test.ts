// Fetching a data set through the command line, from a server on this machine that knows ranges and can be slow.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { putIdx } from '../../electron/service/datasets/tiny-datasets';
import type { PublishedDataset } from '../../src-shared/dataset/published';
import { repmlp, temporaryFolder } from './repmlp';

let server: Server;
let source: string;
let list: string;
let target: string;
/** Requests so far: path and range. */
let asked: string[] = [];
/** Sends only so many bytes of the first picture file and then waits. */
let haltAfter: number | null = null;

beforeAll(async () => {
  source = await temporaryFolder();
  // 250 pictures of 2x3, a class each.
  await putIdx(source, { train: 250, test: 5, gzip: false });
  server = createServer((request, response) => void answer(request.url ?? '', request.headers.range, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  list = join(source, 'list.json');
  await writeFile(list, JSON.stringify([await described()]));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(source, { recursive: true });
});
beforeEach(async () => {
  target = join(await temporaryFolder(), 'digits');
  [asked, haltAfter] = [[], null];
});

async function answer(path: string, range: string | undefined, response: ServerResponse): Promise<void> {
  asked.push(`${path} ${range ?? 'all'}`);
  const bytes = await readFile(join(source, path)).catch(() => null);
  if (bytes === null) return void response.writeHead(404).end();
  const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start });
  if (haltAfter === null || !path.includes('train-images')) response.end(bytes.subarray(start));
  else response.write(bytes.subarray(start, start + haltAfter));
}

/** The idx files of `source` as a published data set with their true checksums. */
async function described(): Promise<PublishedDataset> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = (await readdir(source)).filter((name) => name.endsWith('-ubyte'));
  const sums = names.map(async (name) => {
    const md5 = createHash('md5').update(await readFile(join(source, name)));
    return { url: `${address}/${name}`, md5: md5.digest('hex') };
  });
  const files = await Promise.all(sums);
  return { name: 'digits', title: 'Digits', says: 'tiny', megabytes: 0.01, page: address, terms: 'Be kind.', files };
}

const fetching = (args: readonly string[], onStart?: Parameters<typeof repmlp>[1]) =>
  repmlp(['fetch', ...args], onStart, { REPMLP_DATASETS: list });

test('a data set is fetched, checked and opened, and says how to use it', async () => {
  const { code, stdout, stderr } = await fetching(['digits', target, '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('Be kind.') as string });
  expect(JSON.parse(stdout)).toMatchObject({ name: 'digits', data: target, train: 250, validation: 5, task: 'classification' });
  const again = await fetching(['digits', target]);
  expect(again.stdout).toContain(`250 training and 5 validation samples, 250 classes; use it with --data ${target}`);
  expect(asked).toHaveLength(4);
});

test('Ctrl-C keeps what has arrived, and the same command goes on from there', async () => {
  haltAfter = 700;
  const part = join(target, 'train-images-idx3-ubyte.part');
  const { code, stderr, stdout } = await fetching(['digits', target], (child) => {
    void (async () => {
      while ((await readFile(part).catch(() => '')).length < 700 && child.exitCode === null) await wait(5);
      child.kill('SIGINT');
    })();
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toContain('what has arrived is kept');
  haltAfter = null;
  expect((await fetching(['digits', target])).code).toBe(0);
  expect(asked).toContain('/train-images-idx3-ubyte bytes=700-');
  expect(existsSync(part)).toBe(false);
});

test('a file of another content is named, and none of it is used', async () => {
  await fetching(['digits', target]);
  await writeFile(join(target, 't10k-labels-idx1-ubyte'), 'mine');
  const { code, stderr } = await fetching(['digits', target]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/t10k-labels-idx1-ubyte: is there already, with MD5 \w+; published is \w+\. Remove or rename it/);
});

test('without a name the data sets are listed, with what is not fetched from here', async () => {
  const { code, stdout } = await fetching([]);
  expect(code).toBe(0);
  for (const name of ['digits', 'cifar10', 'mnist', 'Cityscapes needs an account']) expect(stdout).toContain(name);
});

test.each([
  [['digit', 'x'], 'did you mean "digits"?'],
  [['cityscapes', 'x'], 'Cityscapes cannot be fetched from here: it needs an account'],
  [['digits'], 'say where to put it'],
])('%j is refused in one sentence, and nothing is written', async (args, sentence) => {
  const { code, stderr, stdout } = await fetching(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(asked).toEqual([]);
});
