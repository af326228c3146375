import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openDataset } from './open-dataset';
import {
  cifarRecords,
  first,
  jpg,
  pickledCifarBatch,
  pickledNames,
  png,
  put,
  putCifar10,
  putCityscapes,
  refusal,
} from '../../testing/datasets/tiny-datasets';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (layout?: string): Promise<DatasetSplits> => openDataset({ kind: 'folder', path: folder, layout });

describe('CIFAR, binary version', () => {
  it('is recognised and read record by record, across files, as interleaved RGB', async () => {
    await putCifar10(folder, 3);
    const { train, validation, remarks } = await open();
    expect([train.count, validation.count, train.classes[9], train.task]).toEqual([15, 3, 'truck', 'classification']);
    expect(remarks).toEqual([expect.stringMatching(/^There is no validation set: validation is on the published test set/)]);
    const samples = await train.read([0, 4, 14]);
    expect(samples.map(({ label }) => label)).toEqual([0, 1, 2]);
    expect([...samples[1].pixels.subarray(0, 4)]).toEqual([1, 100, 200, 7]);
  });

  it('is found where the official archive unpacks to, CIFAR-100 with its fine labels', async () => {
    for (const name of ['train', 'test']) await put(join(folder, 'cifar-100-binary', `${name}.bin`), cifarRecords([[19, 99]]));
    const { train } = await open();
    expect([train.classes.length, (await first(train)).label]).toEqual([100, 99]);
  });

  it('of a hundred classes names a record with a superclass that there is not', async () => {
    for (const name of ['train', 'test'])
      await put(
        join(folder, `${name}.bin`),
        cifarRecords([
          [3, 4],
          [20, 4],
        ]),
      );
    const { train } = await open();
    expect(await refusal(() => train.read([1]))).toMatch(/train\.bin: record 1 has coarse label 20, expected 0 to 19/);
  });

  it('names the file that is cut short, missing, or has a label beyond the classes', async () => {
    await putCifar10(folder, 2);
    await truncate(join(folder, 'data_batch_3.bin'), 4000);
    expect(await refusal(() => open())).toMatch(/data_batch_3\.bin: has 4000 bytes, expected a multiple of 3073/);
    await rm(join(folder, 'data_batch_3.bin'));
    expect(await refusal(() => open())).toMatch(/data_batch_3\.bin: is missing/);
    await put(join(folder, 'data_batch_3.bin'), cifarRecords([[3], [10]]));
    const { train } = await open();
    expect(await refusal(() => train.read([5]))).toMatch(/data_batch_3\.bin: record 1 has label 10, expected 0 to 9/);
  });
});

describe('CIFAR, python version', () => {
  const names = Array.from({ length: 10 }, (_, i) => `class ${i}`);
  async function putPython(): Promise<void> {
    for (const n of [1, 2, 3, 4, 5]) await put(join(folder, `data_batch_${n}`), pickledCifarBatch('labels', [n, 0]));
    await put(join(folder, 'test_batch'), pickledCifarBatch('labels', [9]));
    await put(join(folder, 'batches.meta'), pickledNames('label_names', names));
  }

  it('is read as plain data and gives what the binary version gives', async () => {
    await putPython();
    const { train, validation } = await open();
    expect([train.count, validation.count, train.classes]).toEqual([10, 1, names]);
    const sample = await first(train, 4);
    expect([sample.label, ...sample.pixels.subarray(0, 4)]).toEqual([3, 0, 100, 200, 7]);
  });

  it('names a file that is no such pickle', async () => {
    await putPython();
    await put(join(folder, 'data_batch_2'), pickledNames('labels', ['1']));
    expect(await refusal(() => open())).toMatch(/data_batch_2: expected 1 x 3072 bytes/);
    await put(join(folder, 'data_batch_2'), pickledCifarBatch('labels', [3, 10]));
    expect(await refusal(() => open())).toMatch(/data_batch_2: record 1 has label 10, expected 0 to 9/);
    await put(join(folder, 'data_batch_2'), pickledCifarBatch('labels', [3]).subarray(0, 2000));
    expect(await refusal(() => open())).toMatch(/data_batch_2: is not a readable CIFAR pickle \(it ends too early\)/);
    await put(join(folder, 'data_batch_2'), 'not a pickle');
    expect(await refusal(() => open())).toMatch(/data_batch_2: is not a readable CIFAR pickle/);
  });
});

describe('class folders', () => {
  it('with train and val are read as ImageNet is, JPEG and PNG, each in its own size', async () => {
    await put(join(folder, 'train', 'n01', 'a.JPEG'), jpg(8, 6, [200, 100, 50]));
    await put(join(folder, 'train', 'n02', 'b.png'), png(5, 4, [1, 2, 3, 255]));
    await put(join(folder, 'val', 'n02', 'c.png'), png(5, 4, [9]));
    const { train, validation } = await open();
    expect([train.count, validation.count, train.classes]).toEqual([2, 1, ['n01', 'n02']]);
    const [jpegSample, pngSample] = await train.read([0, 1]);
    expect([jpegSample.width, jpegSample.height, jpegSample.pixels.length]).toEqual([8, 6, 144]);
    // JPEG at quality 95 keeps a flat colour to within a few levels.
    [200, 100, 50].forEach((value, c) => expect(Math.abs(jpegSample.pixels[c] - value)).toBeLessThan(4));
    expect([pngSample.label, ...pngSample.pixels.subarray(0, 4)]).toEqual([1, 1, 2, 3, 1]);
    const grey = await first(validation);
    expect([grey.label, ...grey.pixels.subarray(0, 3)]).toEqual([1, 9, 9, 9]);
  });

  it('with train alone keep every tenth of its pictures', async () => {
    for (let i = 0; i < 10; i++) await put(join(folder, 'train', 'cats', `${i}.png`), png(2, 2, [i, 0, 0]));
    const { train, validation } = await open();
    expect([train.count, validation.count, train.classes]).toEqual([9, 1, ['cats']]);
  });

  it('without them keep every tenth picture of a class for validation', async () => {
    for (let i = 0; i < 20; i++) await put(join(folder, 'cats', `${String(i).padStart(2, '0')}.png`), png(2, 2, [i, 0, 0]));
    for (let i = 0; i < 5; i++) await put(join(folder, 'dogs', `${i}.png`), png(2, 2, [0, i, 0]));
    const { train, validation } = await open();
    expect([train.count, validation.count]).toEqual([23, 2]);
    expect((await validation.read([0, 1])).map(({ pixels }) => pixels[0])).toEqual([9, 19]);
    await put(join(folder, 'dogs', 'more.webp'), 'x');
    expect((await open()).remarks).toEqual([
      'There is no val folder: every 10th picture of each class is kept for validation',
      `1 file is neither JPEG nor PNG and left out, the first is ${join(folder, 'dogs', 'more.webp')}`,
    ]);
  });

  it('name the picture that is broken, and the class that training lacks', async () => {
    await put(join(folder, 'train', 'n01', 'a.png'), png(2, 2, [1, 2, 3]));
    await put(join(folder, 'train', 'n01', 'b.jpg'), jpg(8, 8, [1, 2, 3]).subarray(0, 200));
    await put(join(folder, 'train', 'n01', 'c.jpg'), 'hello');
    await put(join(folder, 'val', 'n01', 'd.png'), png(2, 2, [1, 2, 3]).subarray(0, 40));
    expect(await refusal(() => open())).toMatch(/d\.png: is a broken PNG picture/);
    await put(join(folder, 'val', 'n01', 'd.png'), png(2, 2, [1, 2, 3]));
    const { train } = await open();
    expect(await refusal(() => train.read([1]))).toMatch(/b\.jpg: is a broken JPEG picture/);
    expect(await refusal(() => train.read([2]))).toMatch(/c\.jpg: is neither a JPEG nor a PNG/);
    await put(join(folder, 'val', 'n99', 'e.png'), png(2, 2, [1, 2, 3]));
    expect(await refusal(() => open())).toMatch(/n99: is a class that the training folder does not have/);
    await put(join(folder, 'train', 'n02', 'notes.txt'), 'hello');
    expect(await refusal(() => open())).toMatch(
      /n02: holds no JPEG or PNG picture; every folder in .*train is read as a class and needs one/,
    );
  });
});

describe('identity folders', () => {
  async function putFaces(): Promise<void> {
    for (const person of ['Ann', 'Bob'])
      for (let i = 1; i <= 10; i++) await put(join(folder, 'train', person, `${String(i).padStart(2, '0')}.jpg`), jpg(8, 8, [i, 0, 0]));
    for (const [person, count] of [
      ['Eve_X', 2],
      ['Kim_Y', 2],
      ['Lee_Z', 2],
    ] as const)
      for (let i = 1; i <= count; i++) await put(join(folder, 'lfw', person, `${person}_000${i}.jpg`), jpg(8, 8, [0, i, 0]));
    await put(join(folder, 'pairs.txt'), '2\t1\nEve_X\t1\t2\nEve_X\t1\tKim_Y\t2\nKim_Y\t1\t2\nLee_Z\t2\tKim_Y\t1\n');
  }

  it('train on people, keep tenths, and bring the LFW test with its folds', async () => {
    await putFaces();
    const { train, validation, verification } = await open();
    expect([train.task, train.count, validation.count, train.classes]).toEqual(['face', 18, 2, ['Ann', 'Bob']]);
    expect(verification?.pairs.map(({ same, fold }) => [same, fold])).toEqual([
      [true, 0],
      [false, 0],
      [true, 1],
      [false, 1],
    ]);
    expect(verification?.images.classes).toEqual(['Eve_X', 'Kim_Y', 'Lee_Z']);
    const [, different] = verification?.pairs ?? [];
    const images = (await verification?.images.read([different.first, different.second])) ?? [];
    expect(images.map(({ label }) => label)).toEqual([0, 1]);
  });

  it('bring the MegaFace test where there are probes and distractors', async () => {
    await putFaces();
    for (const name of ['p1/a.png', 'p1/b.png', 'p2/a.png']) await put(join(folder, 'probes', name), png(8, 8, [1, 2, 3]));
    for (const name of ['000/x.png', '000/001/y.png']) await put(join(folder, 'distractors', name), png(8, 8, [4, 5, 6]));
    const { identification } = await open();
    expect([identification?.probes, identification?.distractors]).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect((await identification?.images.read([2, 4]))?.map(({ label }) => label)).toEqual([1, 2]);
  });

  it('take other pictures of the same people from a val folder', async () => {
    for (const split of ['train', 'val'])
      for (const person of ['Ann', 'Bob']) await put(join(folder, split, person, `${split}.png`), png(8, 8, [1, 2, 3]));
    const { train, validation } = await open('identities');
    expect([train.count, validation.count, validation.task, validation.classes]).toEqual([2, 2, 'face', ['Ann', 'Bob']]);
    await put(join(folder, 'val', 'Eve', 'a.png'), png(8, 8, [1, 2, 3]));
    expect(await refusal(() => open('identities'))).toMatch(/Eve: is a class that the training folder does not have/);
  });

  it('beside the pictures of pairs.txt train on the people it does not name, and say so', async () => {
    for (const person of ['Ann', 'Eve', 'Kim'])
      for (let i = 1; i <= 10; i++) await put(join(folder, person, `${person}_${String(i).padStart(4, '0')}.png`), png(8, 8, [i, 0, 0]));
    await put(join(folder, 'pairs.txt'), '1 1\nEve 1 2\nEve 1 Kim 2\n');
    const { train, remarks } = await open();
    expect([train.classes, remarks?.[0]]).toEqual([['Ann'], '2 of 3 people are in pairs.txt: they are kept for the test, not trained on']);
  });

  it('open with tests alone, and say so where one tries to train', async () => {
    await putFaces();
    await rm(join(folder, 'train'), { recursive: true });
    const { train, validation, verification } = await open();
    expect([train.count, validation.count, verification?.pairs.length]).toEqual([0, 0, 4]);
    expect(train.name).toContain('nobody to train on');
    await rm(join(folder, 'pairs.txt'));
    await rm(join(folder, 'lfw'), { recursive: true });
    await put(join(folder, 'probes', 'p1', 'a.png'), png(8, 8, [1, 2, 3]));
    expect(await refusal(() => open())).toMatch(/distractors: is missing; identification needs probes/);
  });

  it('name the line of pairs.txt that is wrong, and the picture that is missing', async () => {
    await putFaces();
    await put(join(folder, 'pairs.txt'), '1 1\nEve_X 1 2\nEve_X one\n');
    expect(await refusal(() => open())).toMatch(/pairs\.txt, line 3: expected/);
    await put(join(folder, 'pairs.txt'), '1 2\nEve_X 1 2\n');
    expect(await refusal(() => open())).toMatch(/promises 1 x 2 x 2 pairs, it has 1/);
    await put(join(folder, 'pairs.txt'), '1 1\nEve_X 1 7\nEve_X 1 Kim_Y 1\n');
    expect(await refusal(() => open())).toMatch(/Eve_X_0007\.jpg: is missing; pairs\.txt names it/);
  });
});

describe('Cityscapes', () => {
  it('maps label ids to the 19 classes and ignores the rest', async () => {
    await putCityscapes(folder, 26);
    const { train, validation } = await open();
    expect([train.task, train.count, validation.count, train.classes.length]).toEqual(['segmentation', 1, 1, 19]);
    const sample = await first(train);
    expect([sample.height, sample.width]).toEqual([2, 4]);
    expect([...(sample.label as Uint8Array)]).toEqual([255, 13, 13, 13, 13, 13, 13, 13]);
    expect(train.classes[13]).toBe('car');
    await putCityscapes(folder, 4);
    expect(new Set((await first((await open()).train)).label as Uint8Array)).toEqual(new Set([255]));
  });

  it('names the label map that is missing, of another size, or of another kind', async () => {
    await putCityscapes(folder, 26);
    const labels = join(folder, 'gtFine', 'train', 'aachen', 'aachen_000000_000019_gtFine_labelIds.png');
    await put(labels, png(3, 2, [7]));
    expect(await refusal(async () => first((await open()).train))).toMatch(/labelIds\.png: is 3x2, its picture 4x2/);
    await put(labels, png(4, 2, [90]));
    expect(await refusal(async () => first((await open()).train))).toMatch(/holds label id 90/);
    await put(labels, png(4, 2, [7, 7, 7]));
    expect(await refusal(async () => first((await open()).train))).toMatch(/must be a PNG with one 8-bit channel/);
    await rm(labels);
    expect(await refusal(() => open())).toMatch(/labelIds\.png: is missing/);
  });
});

describe('anything else', () => {
  it('is refused in one sentence', async () => {
    expect(await refusal(() => open())).toMatch(/is no data set this program knows/);
    expect(await refusal(() => open('pascal'))).toMatch(/'pascal' is no layout/);
    expect(await refusal(() => openDataset({ kind: 'folder', path: join(folder, 'nowhere') }))).toMatch(/there is no such folder/);
    expect(await refusal(() => openDataset({ kind: 'folder', path: 'cifar:x' }))).toMatch(/did you mean "cifar10:FOLDER"/);
    expect(await refusal(() => openDataset({ kind: 'folder', path: 'shape' }))).toMatch(/did you mean "shapes"/);
  });
});
