import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { recipe } from '@shared/training/recipe/recipes';
import { RunFolders } from './run-folders';
import { RunWriter } from './writer';

let folder: string;
let runs: RunFolders;

/** A runs folder with `mine`, and the same run copied to two places outside it. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-folders-'));
  const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;
  const config = { spec: buildModel('pure-mlp-small'), dataset, recipe: recipe('shapes-short'), seed: seed(1), backend: 'cpu' } as const;
  await RunWriter.create(join(folder, 'runs', 'mine'), config, '');
  for (const place of ['a', 'b']) {
    await mkdir(join(folder, place));
    await cp(join(folder, 'runs', 'mine'), join(folder, place, 'mine'), { recursive: true });
  }
  runs = new RunFolders(join(folder, 'runs'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('runs of one name in three places have three names, and each name leads to its own folder', async () => {
  const outside = [await runs.open(join(folder, 'a', 'mine')), await runs.open(join(folder, 'b', 'mine'))];
  expect(outside.map(({ name }) => name)).toEqual(['mine (a)', 'mine (b)']);
  const listed = await runs.list();
  expect(listed.map(({ name }) => name).sort()).toEqual(['mine', 'mine (a)', 'mine (b)']);
  for (const run of listed) expect(runs.folderOf(run.name)).toBe(run.folder);
});

it('a folder opened again keeps its name, and folders whose parents share a name get a number', async () => {
  await mkdir(join(folder, 'b', 'a'));
  await cp(join(folder, 'a', 'mine'), join(folder, 'b', 'a', 'mine'), { recursive: true });
  for (const [place, name] of [
    ['a/mine', 'mine (a)'],
    ['b/a/mine', 'mine (a) 2'],
    ['a/mine', 'mine (a)'],
  ])
    expect((await runs.open(join(folder, place))).name).toBe(name);
});

it('a run of the runs folder keeps its own name however it is opened, and a new one avoids what is there', async () => {
  expect((await runs.open(join(folder, 'runs', 'mine'))).name).toBe('mine');
  expect(basename(runs.newFolder('mine'))).toBe('mine-2');
});

it('a name cannot lead out of the runs folder', () => {
  for (const name of ['..', '../a/mine', '', '.']) expect(() => runs.folderOf(name)).toThrow(/named by its folder/);
  expect(() => runs.folderOf('nobody')).toThrow('there is no run called nobody');
});

it('a run whose name would turn around what stands beside it is not listed but told, and not opened from elsewhere', async () => {
  for (const [mark, written] of [
    ['\u202e', '\\u202e'],
    ['\u001b[2J', '\\u001b[2J'],
  ]) {
    const strange = join(folder, 'runs', `a${mark}b`);
    await cp(join(folder, 'runs', 'mine'), strange, { recursive: true });
    expect((await runs.list()).map(({ name }) => name)).toEqual(['mine']);
    const [{ path, reason }] = await runs.broken();
    expect([path, reason]).toEqual([join(folder, 'runs', `a${written}b`), expect.stringContaining('rename the folder')]);
    await expect(runs.open(strange)).rejects.toThrow('control characters');
    await rm(strange, { recursive: true });
  }
});
