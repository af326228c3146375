// A data set need not fit in memory: opening one and reading samples reads little more than those samples.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openDataset } from './open-dataset';
import { idx, pickledCifarBatch, pickledNames, put, putCifar10, putIdx } from '../../testing/datasets/tiny-datasets';
import { ownTag } from '../files/process-identity';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streaming-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (): Promise<DatasetSplits> => openDataset({ kind: 'folder', path: folder });
/** Pictures of each file. */
const COUNT = 2000;
const LABELS = Array.from({ length: COUNT }, (_, i) => i % 10);

/** Bytes this process has read by now, as Linux counts them. */
async function bytesRead(): Promise<number> {
  return Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))?.[1]);
}

async function readDuring(work: () => Promise<unknown>): Promise<number> {
  const before = await bytesRead();
  await work();
  return (await bytesRead()) - before;
}

describe.runIf(existsSync('/proc/self/io'))('bytes read from the disk', () => {
  it('of CIFAR, binary version, are those of the samples', async () => {
    await putCifar10(folder, 1);
    for (const n of [1, 2, 3, 4, 5]) await truncate(join(folder, `data_batch_${n}.bin`), COUNT * 3073);
    let splits: DatasetSplits | null = null;
    expect(await readDuring(async () => (splits = await open()))).toBeLessThan(100_000);
    expect(await readDuring(() => splits?.train.read([0, COUNT - 1, 5 * COUNT - 1]) ?? Promise.reject(new Error()))).toBeLessThan(20_000);
  });

  it('of CIFAR, python version, are those of the samples and of what stands around the pictures', async () => {
    const batch = pickledCifarBatch('labels', LABELS);
    for (const n of [1, 2, 3, 4, 5]) await put(join(folder, `data_batch_${n}`), batch);
    await put(join(folder, 'test_batch'), batch);
    await put(
      join(folder, 'batches.meta'),
      pickledNames(
        'label_names',
        LABELS.slice(0, 10).map((i) => `class ${i}`),
      ),
    );
    const opened: DatasetSplits[] = [];
    // Six files of 6 MB: their first and last windows of 64 KiB.
    expect(await readDuring(async () => opened.push(await open()))).toBeLessThan(1_500_000);
    const [{ train }] = opened;
    expect(await readDuring(async () => expect((await train.read([1234]))[0].label).toBe(4))).toBeLessThan(20_000);
  });

  it('of idx files, gzipped too, are those of the samples once they are open', async () => {
    const pictures = { shape: [COUNT, 28, 28], bytes: COUNT * 784 };
    for (const prefix of ['train', 't10k']) {
      await put(join(folder, `${prefix}-images-idx3-ubyte.gz`), gzipSync(idx(pictures.shape, new Array<number>(pictures.bytes).fill(9))));
      await put(join(folder, `${prefix}-labels-idx1-ubyte.gz`), gzipSync(idx([COUNT], LABELS)));
    }
    const { train, validation, close } = await open();
    expect(await readDuring(() => Promise.all([train.read([0, 1999]), validation.read([3])]))).toBeLessThan(20_000);
    await close?.();
  });
});

describe('the temporary files of gzipped data', () => {
  const temporary = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith(`repmlp-data-p${process.pid}-`));

  it('are removed when the data set is closed', async () => {
    await putIdx(folder, { train: 4, test: 2, gzip: true });
    const { train, close } = await open();
    expect(await temporary()).toHaveLength(4);
    expect((await train.read([3]))[0].label).toBe(3);
    await close?.();
    expect(await temporary()).toEqual([]);
  });

  it('are removed when one of the files is wrong, and when their process is gone', async () => {
    await putIdx(folder, { train: 4, test: 2, gzip: true });
    await put(join(folder, 't10k-labels-idx1-ubyte.gz'), gzipSync(idx([3], [0, 1, 2])));
    // No process has this number: Linux and macOS stop far below, Windows counts in fours.
    const left = join(tmpdir(), `repmlp-data-${(await ownTag()).replace(/^p\d+/, 'p2147483647')}-left`);
    await put(join(left, 'data'), 'x');
    await expect(open()).rejects.toThrow(/t10k-labels-idx1-ubyte\.gz: has 3 labels for the 2 pictures/);
    expect(await temporary()).toEqual([]);
    expect(existsSync(left)).toBe(false);
  });
});
