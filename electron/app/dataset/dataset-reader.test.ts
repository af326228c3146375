// The data sets' thread from its own bundle, as both hosts start it.
import { build } from 'esbuild';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetReference } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { openFeed } from '@shared/training/batches/feed';
import { recipe } from '@shared/training/recipe/recipes';
import { UserError } from '@shared/base/user-error';
import { moduleOptions } from '../../launcher/build.mjs';
import { DatasetReader } from './dataset-reader';
import { openDataset } from '../../datasets/open-dataset';
import { shownFile } from '../../datasets/picture';
import { jpg, png, put, putCifar10, putCityscapes } from '../../../testing/datasets/tiny-datasets';

let folder: string;
let reader: DatasetReader;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-reader-'));
  const entryPoints = { 'dataset-worker': 'electron/workers/dataset-worker.ts' };
  await build({ ...moduleOptions(), sourcemap: false, entryPoints, outdir: folder });
  reader = new DatasetReader(pathToFileURL(join(folder, 'dataset-worker.mjs')));
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true });
});

const at = (name: string): Extract<DatasetReference, { kind: 'folder' }> => ({ kind: 'folder', path: join(folder, name) });

test('the samples are those that reading the files gives, in the size asked for', async () => {
  await putCifar10(at('cifar').path, 3);
  const [own, there] = await Promise.all([openDataset(at('cifar')), reader.open(at('cifar'))]);
  expect(await there.train.read([14, 1])).toEqual(await own.train.read([14, 1]));
  const small = await reader.open(at('cifar'), { fit: { height: 8, width: 4 } });
  expect((await small.validation.read([2]))[0]).toMatchObject({ height: 8, width: 4, label: 2 });
  await putCityscapes(at('streets').path, 26);
  const [scene] = await (await reader.open(at('streets'), { within: 2 })).train.read([0]);
  expect([scene.height, scene.width, scene.label]).toEqual([1, 2, Uint8Array.of(13, 13)]);
});

test('what is broken arrives as the sentence it is, and is read again once it is put right', async () => {
  await putCifar10(at('broken').path, 2);
  await writeFile(join(at('broken').path, 'test_batch.bin'), 'short');
  const failure = await reader.open(at('broken')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  expect((failure as UserError).message).toMatch(/test_batch\.bin: has 5 bytes/);
  await putCifar10(at('broken').path, 2);
  expect((await reader.open(at('broken'))).validation.count).toBe(2);
});

test('a picture file is decoded there as here; one that is no picture is refused by name', async () => {
  const file = at('face.png').path;
  await put(file, png(3, 2, [10, 20, 30]));
  expect(await reader.picture(file)).toEqual(await shownFile(file));
  await writeFile(file, 'no picture');
  await expect(reader.picture(file)).rejects.toThrow('face.png: is neither a JPEG nor a PNG picture');
});

test('a batch is the one that training is fed', async () => {
  const config = {
    spec: buildModel('pure-mlp-small'),
    dataset: { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 40 } as const,
    recipe: { ...recipe('shapes-short'), batchSize: 8 },
    seed: seed(3),
    backend: 'cpu',
  } as const;
  const own = await openFeed(openEmbedded(config.dataset).train, config).batch(1, 2);
  const made = await reader.batch({ config, epoch: 1, step: 2 });
  expect({ images: made.images, shape: made.shape }).toEqual({ images: own.images, shape: own.shape });
  await expect(reader.batch({ config, epoch: 0, step: 5 })).rejects.toThrow('an epoch has 5 steps');
});

test('folders are people to a face network and classes to others; a named layout stays', async () => {
  for (const name of ['ann', 'bob']) await put(join(at('people').path, name, '1.png'), png(2, 2, [1, 2, 3]));
  const asClasses = await reader.settle(at('people'), 'classification');
  expect(asClasses).toMatchObject({
    reference: { layout: 'folders' },
    otherwise: 'identities',
    note: expect.stringContaining('as classes') as string,
  });
  const asPeople = await reader.settle(at('people'), 'face');
  expect(asPeople).toMatchObject({
    reference: { layout: 'identities' },
    otherwise: 'folders',
    note: expect.stringContaining('since the network recognises faces') as string,
  });
  const named = { ...at('people'), layout: 'folders' };
  expect(await reader.settle(named, 'face')).toEqual({ reference: named, note: null, otherwise: null });
  await expect(reader.settle({ ...named, layout: 'pascal' }, 'face')).rejects.toThrow("'pascal' is no layout");
});

test('a call is answered here while a large picture is decoded there', async () => {
  const picture = jpg(1200, 800, [90, 120, 30]);
  for (const split of ['train', 'val']) await put(join(at('large').path, split, 'c', 'a.jpg'), picture);
  const { train } = await reader.open(at('large'), { within: 10 });
  const order: string[] = [];
  const decoding = train.read([0]).then(() => order.push('decoded'));
  await turn();
  order.push('answered');
  await decoding;
  expect(order).toEqual(['answered', 'decoded']);
});

test('samples, predictions and fed batches are handed out by code that cannot decode pictures', async () => {
  const parts = [
    'dataset/dataset-endpoint',
    'dataset/dataset-reader',
    'training/trainings',
    'dataset/procedures',
    'training/predictions',
    'training/procedures',
  ];
  const entryPoints = parts.map((part) => `electron/app/${part}.ts`);
  const { metafile } = await build({ ...moduleOptions(), sourcemap: false, write: false, metafile: true, entryPoints, outdir: folder });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain('electron/app/dataset/dataset-reader.ts');
  expect(inputs.filter((path) => /pixels\/(jpeg|png)|datasets\/(picture|open-dataset)\.ts$/.test(path))).toEqual([]);
});
