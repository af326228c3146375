// A server of a published data set on this machine: four idx files, described in a list as REPMLP_DATASETS
// takes it. It knows ranges, and can stop in the middle of the training pictures.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putIdx } from '../testing/datasets/tiny-datasets';
import type { PublishedDataset } from '../src-shared/dataset/published';

export interface DataServer {
  /** File for REPMLP_DATASETS: one data set named `digits`, 250 pictures of 250 classes to train on and 5 to validate. */
  readonly list: string;
  /** Requests so far: path and range. */
  readonly asked: string[];
  /** Sends only so many bytes of the training pictures and then waits; null sends all. */
  haltAfter: number | null;
  stop(): Promise<void>;
}

export async function startDataServer(): Promise<DataServer> {
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-data-server-'));
  await putIdx(folder, { train: 250, test: 5, gzip: false });
  const http = createServer((request, response) => {
    server.asked.push(`${request.url} ${request.headers.range ?? 'all'}`);
    void answer(join(folder, request.url ?? ''), request.headers.range, response, server.haltAfter);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await rm(folder, { recursive: true });
  };
  const server: DataServer = { list: join(folder, 'list.json'), asked: [], haltAfter: null, stop };
  await writeFile(server.list, JSON.stringify([await described(folder, (http.address() as AddressInfo).port)]));
  return server;
}

async function answer(file: string, range: string | undefined, response: ServerResponse, haltAfter: number | null): Promise<void> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return void response.writeHead(404).end();
  const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start });
  if (haltAfter === null || !file.includes('train-images')) response.end(bytes.subarray(start));
  else response.write(bytes.subarray(start, start + haltAfter));
}

/** The idx files of a folder as a published data set with their true checksums. */
async function described(folder: string, port: number): Promise<PublishedDataset> {
  const address = `http://127.0.0.1:${port}`;
  const sums = (await readdir(folder)).map(async (name) => {
    const md5 = createHash('md5').update(await readFile(join(folder, name)));
    return { url: `${address}/${name}`, md5: md5.digest('hex') };
  });
  return {
    name: 'digits',
    title: 'Digits',
    says: 'tiny',
    megabytes: 0.01,
    page: address,
    terms: 'Be kind.',
    files: await Promise.all(sums),
  };
}
