// What is done with runs, on disk: described, renamed, deleted into a trash, held against a baseline.
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { recipe } from '@shared/training/recipe/recipes';
import { homeTrash } from '../../files/trash';
import { readRun } from '../../runs/read';
import { RunFolders } from '../../runs/run-folders';
import { RunWriter } from '../../runs/writer';
import { ABLATION_FILE, ABLATION_LOCK, readAblation, writeAblation } from './ablation-file';
import { RunKeeping } from './keeping';

let folder: string;
let runs: RunFolders;
let keeping: RunKeeping;
const noTrash = () => Promise.reject(new Error('no trash here'));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-keeping-'));
  const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;
  const config = { spec: buildModel('pure-mlp-small'), dataset, recipe: recipe('shapes-short'), seed: seed(1), backend: 'cpu' } as const;
  for (const name of ['a', 'b']) await (await RunWriter.create(join(folder, 'runs', name), config, '')).release();
  runs = new RunFolders(join(folder, 'runs'));
  keeping = new RunKeeping(runs, () => [], noTrash);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const listed = async (name: string) => (await runs.list()).find((run) => run.name === name);

it('tags and note stand in the list and in a file of their own, and changing one keeps the other', async () => {
  await keeping.describe('a', { tags: ['first', 'wide'], note: 'before the holidays' });
  await keeping.describe('a', { tags: ['wide'] });
  expect(await listed('a')).toMatchObject({ tags: ['wide'], note: 'before the holidays', baseline: false });
  const stored: unknown = JSON.parse(await readFile(join(folder, 'runs', 'a', 'remarks.json'), 'utf8'));
  expect(stored).toMatchObject({ format: 'repmlp-run-remarks', tags: ['wide'] });
  expect(await listed('b')).toMatchObject({ tags: [], note: '' });
});

it('remarks that are damaged are said to be, and are not written over', async () => {
  const path = join(folder, 'runs', 'a', 'remarks.json');
  await writeFile(path, '{"format":"repmlp-run-remarks","version":1,"tags":["t"],"note":');
  expect((await listed('a'))?.remarksProblem).toContain('remarks.json is damaged');
  await expect(keeping.describe('a', { note: 'new' })).rejects.toThrow('is damaged');
  expect(await readFile(path, 'utf8')).toContain('"note":');
});

it('a renamed run has the name in its folder and its record, and a name that is taken is refused', async () => {
  const before = await readRun(join(folder, 'runs', 'a'));
  expect(await keeping.rename('a', 'wide net: 2')).toBe('wide-net-2');
  expect((await readdir(join(folder, 'runs'))).sort()).toEqual(['b', 'wide-net-2']);
  expect(await readRun(join(folder, 'runs', 'wide-net-2'))).toEqual({ ...before, name: 'wide-net-2' });
  await expect(keeping.rename('b', 'wide-net-2')).rejects.toThrow('already');
});

it('a deleted run lies whole in .trash where there is no trash of the system, twice the same name apart', async () => {
  const record = await readFile(join(folder, 'runs', 'a', 'run.json'), 'utf8');
  expect(await keeping.remove('a')).toBe(join(folder, 'runs', '.trash', 'a'));
  expect(await readFile(join(folder, 'runs', '.trash', 'a', 'run.json'), 'utf8')).toBe(record);
  expect((await runs.list()).map(({ name }) => name)).toEqual(['b']);
  await keeping.rename('b', 'a');
  expect(await keeping.remove('a')).toBe(join(folder, 'runs', '.trash', 'a.2'));
  expect(await runs.list()).toEqual([]);
});

it("a deleted run goes into the system's trash where there is one, with the note that brings it back", async () => {
  await mkdir(join(folder, 'data', 'Trash'), { recursive: true });
  const own = new RunKeeping(runs, () => [], homeTrash(folder, join(folder, 'data'), 'linux'));
  expect(await own.remove('a')).toBe("the system's trash");
  expect(await readdir(join(folder, 'data', 'Trash', 'files', 'a'))).toContain('run.json');
  const info = await readFile(join(folder, 'data', 'Trash', 'info', 'a.trashinfo'), 'utf8');
  expect(info).toMatch(/^\[Trash Info\]\nPath=.*\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/);
  expect(decodeURIComponent(/Path=(.*)/.exec(info)?.[1] ?? '')).toBe(join(folder, 'runs', 'a'));
});

/** A list of an ablation with runs a (finished) and b (stopped). */
async function writeList(): Promise<string> {
  const path = join(folder, 'runs', ABLATION_FILE);
  const { config } = await readRun(join(folder, 'runs', 'a'));
  const variants = [
    { config, name: 'a', run: 'a', state: 'finished' },
    { config, name: 'b', run: 'b', state: 'stopped' },
  ] as const;
  await writeAblation(path, { ended: '', variants: [...variants] });
  return path;
}

const runsIn = async (path: string) => (await readAblation(path))?.variants.map(({ run, state }) => [run, state]);

it('the list of an ablation follows its runs when they are renamed, and one deleted before its end has yet to begin', async () => {
  const path = await writeList();
  await keeping.rename('b', 'narrow');
  expect(await runsIn(path)).toEqual([
    ['a', 'finished'],
    ['narrow', 'stopped'],
  ]);
  await keeping.remove('narrow');
  await keeping.remove('a');
  expect(await runsIn(path)).toEqual([
    ['a', 'finished'],
    [null, 'waiting'],
  ]);
});

it('a run in the list of an ablation that another program trains is neither renamed nor deleted', async () => {
  await writeList();
  // A lock of somebody who does not say who they are.
  await writeFile(join(folder, 'runs', ABLATION_LOCK), 'theirs');
  await expect(keeping.rename('a', 'c')).rejects.toThrow('in the list of an ablation under way');
  await expect(keeping.remove('b')).rejects.toThrow('in the list of an ablation under way');
  expect((await runs.list()).map(({ name }) => name).sort()).toEqual(['a', 'b']);
});

it('a run that is being trained, here or elsewhere, is neither renamed nor deleted', async () => {
  const training = new RunKeeping(runs, () => ['a'], noTrash);
  await expect(training.rename('a', 'c')).rejects.toThrow('is being trained; stop it first');
  await expect(training.remove('a')).rejects.toThrow('is being trained; stop it first');
  expect((await readdir(join(folder, 'runs'))).sort()).toEqual(['a', 'b']);
});

it('a run outside the runs folder is left where it lies', async () => {
  await mkdir(join(folder, 'elsewhere'));
  const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1) } as const;
  const config = { spec: buildModel('pure-mlp-small'), dataset, recipe: recipe('shapes-short'), seed: seed(1), backend: 'cpu' } as const;
  await (await RunWriter.create(join(folder, 'elsewhere', 'c'), config, '')).release();
  const { name } = await runs.open(join(folder, 'elsewhere', 'c'));
  await expect(keeping.remove(name)).rejects.toThrow('lies outside the runs folder');
  expect(await readdir(join(folder, 'elsewhere'))).toEqual(['c']);
});

it('one run at most is the baseline', async () => {
  await keeping.pin('a');
  await keeping.pin('b');
  expect((await runs.list()).map(({ name, baseline }) => [name, baseline]).sort()).toEqual([
    ['a', false],
    ['b', true],
  ]);
  await keeping.pin(null);
  expect((await runs.list()).some(({ baseline }) => baseline)).toBe(false);
});
