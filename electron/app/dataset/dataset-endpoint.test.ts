import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetReference } from '@shared/dataset/dataset';
import { openRemote, type DatasetQuestion } from '@shared/dataset/remote';
import { BulkStore } from '../bulk';
import { DatasetEndpoint } from './dataset-endpoint';
import { openDataset } from '../../datasets/open-dataset';
import { OpenDatasets } from '../../datasets/open-datasets';
import { putCifar10 } from '../../../testing/datasets/tiny-datasets';
import { createSite } from '../site';

let folder: string;
let datasets: DatasetEndpoint;
let reference: DatasetReference;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-endpoint-'));
  const open = new OpenDatasets();
  datasets = new DatasetEndpoint((question) => open.answer(question));
  reference = { kind: 'folder', path: folder };
  await putCifar10(folder, 3);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function post(body: string): Promise<Response> {
  const site = createSite(folder, { bulk: new BulkStore(), datasets });
  return site(new Request('http://localhost/dataset', { method: 'POST', body }));
}

async function ask(question: DatasetQuestion): Promise<Uint8Array> {
  const response = await post(JSON.stringify(question));
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return new Uint8Array(await response.arrayBuffer());
}

describe('a data set in a folder, asked for by a window', () => {
  it('gives the samples that the files hold', async () => {
    datasets.admit(reference);
    const [remote, own] = [await openRemote(reference, ask), await openDataset(reference)];
    expect({ ...remote.train, read: null }).toEqual({ ...own.train, read: null });
    expect(remote.train.count).toBe(15);
    expect(await remote.train.read([14, 1])).toEqual(await own.train.read([14, 1]));
    expect(await remote.validation.read([2])).toEqual(await own.validation.read([2]));
  });

  it('is refused where nobody opened it, whatever the page names', async () => {
    await expect(openRemote(reference, ask)).rejects.toThrow(/^400: .* was not opened in this studio/);
    datasets.admit(reference);
    await expect(openRemote({ kind: 'folder', path: join(folder, '..') }, ask)).rejects.toThrow('was not opened');
  });

  it('answers what is no question, and samples that are not there, in one sentence', async () => {
    datasets.admit(reference);
    for (const body of ['', '{}', '{"reference":{"kind":"embedded","name":"shapes","seed":1}}'])
      expect((await post(body)).status).toBe(400);
    const beyond = ask({ reference, samples: { source: 'train', indices: [15] } });
    await expect(beyond).rejects.toThrow(/400: .* has samples 0 to 14, 15 was asked for/);
    await expect(ask({ reference, samples: { source: 'verification', indices: [0] } })).rejects.toThrow("no source 'verification'");
  });

  it('names the broken file, and is read again once it is put right', async () => {
    datasets.admit(reference);
    await writeFile(join(folder, 'test_batch.bin'), 'short');
    await expect(openRemote(reference, ask)).rejects.toThrow(/400: .*test_batch\.bin/);
    await putCifar10(folder, 3);
    expect((await openRemote(reference, ask)).validation.count).toBe(3);
  });
});
