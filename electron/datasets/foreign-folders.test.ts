// Folders as the field's archives, libraries and habits leave them.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openDataset } from './open-dataset';
import { settleDataset } from './settle';
import { first, idx, png, put, putIdx, refusal } from '../../testing/datasets/tiny-datasets';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (layout?: string, path = folder): Promise<DatasetSplits> => openDataset({ kind: 'folder', path, layout });
const picture = (value: number): Uint8Array => png(4, 4, [value, 0, 0]);

describe('Tiny ImageNet', () => {
  async function putTiny(root: string): Promise<void> {
    for (const [i, wnid] of ['n02', 'n01'].entries()) {
      await put(join(root, 'train', wnid, 'images', `${wnid}_0.JPEG`), picture(10 + i));
      await put(join(root, 'train', wnid, `${wnid}_boxes.txt`), 'x\t0\t0\t1\t1\n');
    }
    await put(join(root, 'val', 'images', 'val_0.JPEG'), picture(50));
    await put(join(root, 'val', 'images', 'val_1.JPEG'), picture(60));
    await put(join(root, 'val', 'val_annotations.txt'), 'val_1.JPEG\tn01\t0\t0\t1\t1\nval_0.JPEG\tn02\t0\t0\t1\t1\n');
    await put(join(root, 'test', 'images', 'test_0.JPEG'), picture(70));
    await put(join(root, 'wnids.txt'), 'n02\nn01\n');
  }

  it('takes the classes of val from its annotations, and those of train in the order of their names', async () => {
    await putTiny(join(folder, 'tiny-imagenet-200'));
    for (const path of [folder, join(folder, 'tiny-imagenet-200')]) {
      const { train, validation, remarks } = await open(undefined, path);
      expect([train.classes, train.count, validation.count, remarks]).toEqual([['n01', 'n02'], 2, 2, []]);
      expect((await train.read([0, 1])).map(({ label, pixels }) => [label, pixels[0]])).toEqual([
        [0, 11],
        [1, 10],
      ]);
      expect((await validation.read([0, 1])).map(({ label, pixels }) => [label, pixels[0]])).toEqual([
        [1, 50],
        [0, 60],
      ]);
    }
  });

  it('is read as classes where a script has sorted val into folders', async () => {
    await putTiny(folder);
    for (const [name, wnid] of [
      ['val_0.JPEG', 'n02'],
      ['val_1.JPEG', 'n01'],
    ]) {
      await mkdir(join(folder, 'val', wnid));
      await rename(join(folder, 'val', 'images', name), join(folder, 'val', wnid, name));
    }
    expect((await (await open()).validation.read([0, 1])).map(({ label }) => label)).toEqual([0, 1]);
  });

  it('names the picture without a class, the class that train lacks, and the picture that is missing', async () => {
    await putTiny(folder);
    const list = join(folder, 'val', 'val_annotations.txt');
    await put(list, 'val_0.JPEG\tn01\t0\n');
    expect(await refusal(() => open())).toMatch(/val_1\.JPEG: is not named in .*val_annotations\.txt/);
    await put(list, 'val_0.JPEG\tn01\nval_1.JPEG\tn77\n');
    expect(await refusal(() => open())).toMatch(/val_annotations\.txt, line 2: expected a picture and one of the 2 classes/);
    await put(list, 'val_0.JPEG\tn01\nval_1.JPEG\tn01\nval_2.JPEG\tn01\n');
    expect(await refusal(() => open())).toMatch(/val_2\.JPEG: is missing/);
  });
});

describe('splits by name', () => {
  async function putSplit(...names: string[]): Promise<void> {
    for (const [i, name] of names.entries())
      for (const kind of ['cat', 'dog']) for (let n = 0; n < 10; n++) await put(join(folder, name, kind, `${n}.png`), picture(20 * i));
  }

  it.each(['val', 'valid', 'validation', 'dev', 'Valid'])(
    '%s is validated on, and the test beside it left alone and named',
    async (name) => {
      await putSplit('train', name, 'test');
      const { validation, remarks } = await open();
      expect((await first(validation)).pixels[0]).toBe(20);
      expect(remarks).toEqual([`Validation is on the folder ${name}; the folder test is left alone`]);
      expect((await open('identities')).remarks?.[0]).toContain('the folder test is left alone');
    },
  );

  it('test alone is validated on, which is said', async () => {
    await putSplit('train', 'test');
    const { validation, remarks } = await open();
    expect([validation.count, remarks?.[0]]).toEqual([20, expect.stringContaining('validation is on the folder test')]);
  });

  it('two folders for validation, or none for training, are refused: which is meant is not known', async () => {
    await putSplit('train', 'val', 'valid');
    expect(await refusal(() => open())).toMatch(/holds both val and valid/);
    await rm(join(folder, 'train'), { recursive: true });
    await rm(join(folder, 'valid'), { recursive: true });
    expect(await refusal(() => open())).toMatch(/has a folder val but none called train/);
  });

  it('the other capitals and words for training are known', async () => {
    await putSplit('Training', 'Testing');
    expect((await open()).train.count).toBe(20);
  });
});

describe('folders within class folders', () => {
  it('belong to the class, as torchvision reads them, and are told of', async () => {
    for (const kind of ['cat', 'dog'])
      for (let n = 0; n < 10; n++) await put(join(folder, kind, n < 5 ? `${n}.png` : join('more', `${n}.png`)), picture(n));
    const { train, validation, remarks } = await open();
    expect([train.count, validation.count]).toEqual([18, 2]);
    expect(remarks?.[1]).toContain(join('cat', 'more', '5.png'));
  });

  it('that look like a data set of their own are not read as one class', async () => {
    for (const kind of ['cat', 'dog']) for (let n = 0; n < 10; n++) await put(join(folder, 'Images', kind, `${n}.png`), picture(n));
    expect(await refusal(() => open())).toMatch(/Images: holds no picture itself but the folders cat, dog; .* choose .*Images instead/);
  });
});

describe("LFW's archives", () => {
  async function putLfw(root: string, pairsIn: string): Promise<void> {
    for (const person of ['Ann_Lee', 'Bo_Li']) for (const n of [1, 2]) await put(join(root, person, `${person}_000${n}.jpg`), picture(n));
    await put(join(pairsIn, 'pairs.txt'), '1\t1\nAnn_Lee\t1\t2\nAnn_Lee\t1\tBo_Li\t2\n');
  }

  it.each(['lfw', 'lfw-deepfunneled', 'lfw_funneled', 'lfw-deepfunneled/lfw-deepfunneled', 'lfw-aligned', ''])(
    'are read with the pictures in "%s" beside pairs.txt',
    async (inner) => {
      await putLfw(join(folder, inner), folder);
      const { train, verification } = await open();
      expect([train.count, verification?.pairs.length, verification?.images.classes]).toEqual([0, 2, ['Ann_Lee', 'Bo_Li']]);
      expect((await settleDataset({ kind: 'folder', path: folder }, 'face')).reference).toMatchObject({ layout: 'identities' });
    },
  );

  it("are found in torchvision's and scikit-learn's folders", async () => {
    for (const home of ['lfw-py', 'lfw_home']) {
      const root = join(folder, home, 'root');
      await putLfw(join(root, home, 'lfw_funneled'), join(root, home));
      expect((await open('identities', root)).verification?.pairs.length).toBe(2);
    }
  });

  it('without pairs.txt are told what is missing', async () => {
    await putLfw(join(folder, 'lfw_funneled'), folder);
    await rm(join(folder, 'pairs.txt'));
    expect(await refusal(() => open())).toMatch(/pairs\.txt: is missing; .* choose .*lfw_funneled/);
  });
});

describe("torchvision's roots", () => {
  it.each(['MNIST', 'FashionMNIST', 'KMNIST'])('%s/raw is found', async (name) => {
    await putIdx(join(folder, name, 'raw'), { train: 3, test: 2, gzip: name === 'KMNIST' });
    const { train, remarks, close } = await open();
    expect([train.count, (await first(train, 1)).label]).toEqual([3, 1]);
    expect(remarks?.[0]).toMatch(/validation is on the published test set/);
    await close?.();
  });

  it('two sets in one root are not chosen between', async () => {
    for (const name of ['MNIST', 'KMNIST']) await putIdx(join(folder, name, 'raw'), { train: 3, test: 2, gzip: false });
    expect(await refusal(() => open())).toMatch(/holds 2 data sets, .* choose one of .*KMNIST, .*MNIST/);
    expect((await open(undefined, join(folder, 'KMNIST'))).train.count).toBe(3);
  });

  /** A split's two files, labels as EMNIST and QMNIST have them. */
  async function putNamed(raw: string, prefix: string, labels: readonly number[], rows: boolean): Promise<void> {
    const pixels = labels.flatMap((_, i) => [i, 1, 2, 3, 4, 5]);
    await put(join(raw, `${prefix}images-idx3-ubyte`), idx([labels.length, 2, 3], pixels));
    if (!rows) return put(join(raw, `${prefix}labels-idx1-ubyte.gz`), gzipSync(idx([labels.length], labels)));
    const file = Buffer.alloc(12 + 32 * labels.length);
    [0x0c02, labels.length, 8].forEach((value, i) => file.writeUInt32BE(value, 4 * i));
    labels.forEach((label, i) => file.writeInt32BE(label, 12 + 32 * i));
    labels.forEach((_, i) => file.writeInt32BE(-7, 16 + 32 * i));
    return put(join(raw, `${prefix}labels-idx2-int`), file);
  }

  it("QMNIST's labels are the first of the eight numbers in a row", async () => {
    const raw = join(folder, 'QMNIST', 'raw');
    await putNamed(raw, 'qmnist-train-', [7, 0, 9], true);
    await putNamed(raw, 'qmnist-test-', [4], true);
    const { train, validation } = await open();
    expect((await train.read([0, 1, 2])).map(({ label }) => label)).toEqual([7, 0, 9]);
    expect([train.classes.length, (await first(validation)).label]).toEqual([10, 4]);
    await putNamed(raw, 'qmnist-test-', [-4], true);
    expect(await refusal(() => open())).toMatch(/labels-idx2-int: label 0 is -4, which is no class/);
  });

  it("EMNIST's sets are named by the user where there are several, and labelled as torchvision labels them", async () => {
    const raw = join(folder, 'EMNIST', 'raw');
    await putNamed(raw, 'emnist-letters-train-', [1, 26], false);
    await putNamed(raw, 'emnist-letters-test-', [2], false);
    const letters = await open();
    expect([letters.train.classes.length, letters.train.classes[26], letters.train.classes[0]]).toEqual([27, 'z', 'N/A']);
    expect((await letters.train.read([0, 1])).map(({ label }) => label)).toEqual([1, 26]);
    expect(letters.remarks?.join(' ')).toMatch(/rows and columns exchanged.*begin at 1/);
    await letters.close?.();
    for (const split of ['train', 'test']) await putNamed(raw, `emnist-balanced-${split}-`, [46, 36], false);
    expect(await refusal(() => open())).toMatch(
      /holds 2 sets \(emnist-balanced, emnist-letters\), .*name one before the folder, for example emnist-balanced:/,
    );
    const { train, close } = await open('emnist-balanced');
    // 10 digits, 26 capitals, and the 11 small letters that look unlike theirs: a is the first, t the last.
    expect([train.classes.length, train.classes[36], train.classes[46], train.classes[10]]).toEqual([47, 'a', 't', 'A']);
    await close?.();
    expect(await refusal(() => open('emnist-digits'))).toMatch(/emnist-digits-train-images-idx3-ubyte: is missing/);
  });
});

describe('packed archives', () => {
  it.each([
    ['cifar-10-python.tar.gz', /is packed: unpack it first, for example with tar -xf ".*cifar-10-python\.tar\.gz" -C/],
    ['tiny-imagenet-200.zip', /is packed: .* unzip ".*tiny-imagenet-200\.zip" -d/],
    ['data.7z', /is packed: .* 7z x/],
  ])('%s is named, with the command that unpacks it', async (name, sentence) => {
    await put(join(folder, name), 'packed');
    expect(await refusal(() => open())).toMatch(sentence);
    expect(await refusal(() => open(undefined, join(folder, name)))).toMatch(/is packed: .* then choose the folder it unpacks to/);
  });

  it('where the classes or the set belong are named too', async () => {
    await put(join(folder, 'train', 'n01440764.tar'), 'packed');
    expect(await refusal(() => open())).toMatch(/n01440764\.tar is packed/);
    await put(join(folder, 'c', 'cifar-100-binary.tar.gz'), 'packed');
    expect(await refusal(() => open('cifar100', join(folder, 'c')))).toMatch(/cifar-100-binary\.tar\.gz is packed/);
    await put(join(folder, 'e', 'EMNIST', 'raw', 'gzip.zip'), 'packed');
    expect(await refusal(() => open('emnist-letters', join(folder, 'e')))).toMatch(/gzip\.zip is packed/);
  });
});
