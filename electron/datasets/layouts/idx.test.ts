import { mkdtemp, readdir, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetSplits } from '@shared/dataset/dataset';
import { openDataset } from '../open-dataset';
import { first, idx, put, putIdx, refusal } from '../../../testing/datasets/tiny-datasets';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataset-idx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (): Promise<DatasetSplits> => openDataset({ kind: 'folder', path: folder });

describe('idx files', () => {
  it.each([true, false])('are read (gzipped: %s) and given as RGB', async (gzip) => {
    await putIdx(folder, { train: 4, test: 2, gzip });
    const { train, validation, close } = await open();
    expect([train.count, validation.count, train.classes.length]).toEqual([4, 2, 4]);
    const sample = await first(train, 3);
    expect([sample.height, sample.width, sample.channels, sample.label]).toEqual([2, 3, 3, 3]);
    expect([...sample.pixels.subarray(0, 6)]).toEqual([30, 30, 30, 31, 31, 31]);
    // Pixels 10 i + j for i < 4, j < 6: mean 17.5.
    expect(train.mean[0]).toBeCloseTo(17.5 / 255, 10);
    await close?.();
  });

  it('are found where torchvision keeps them, and with the dot that some unpackers put into their names', async () => {
    await putIdx(join(folder, 'MNIST', 'raw'), { train: 3, test: 1, gzip: false });
    expect((await open()).train.count).toBe(3);
    const raw = join(folder, 'MNIST', 'raw');
    for (const name of await readdir(raw)) await rename(join(raw, name), join(raw, name.replace('-idx', '.idx')));
    expect((await open()).validation.count).toBe(1);
  });

  it('are refused by name when too short, of another kind, or without as many labels', async () => {
    await putIdx(folder, { train: 4, test: 2, gzip: false });
    const images = join(folder, 'train-images-idx3-ubyte');
    await truncate(images, 30);
    expect(await refusal(() => open())).toMatch(/train-images-idx3-ubyte: has 30 bytes, its header \(4 x 2 x 3\) needs 40/);
    await put(images, '<html>not here</html>');
    expect(await refusal(() => open())).toMatch(/train-images-idx3-ubyte: is not an idx file/);
    await put(images, idx([3, 2, 3], new Array<number>(18).fill(0)));
    expect(await refusal(() => open())).toMatch(/train-labels-idx1-ubyte: has 4 labels for the 3 pictures/);
    await rm(images);
    await put(`${images}.gz`, 'no gzip');
    expect(await refusal(() => open())).toMatch(/train-images-idx3-ubyte\.gz: is a damaged gzip file/);
  });
});
