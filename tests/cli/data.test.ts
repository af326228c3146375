// Data sets in folders through the command line: what a folder is read as is said, and what does not fit is
// refused before a run folder is made.
import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { png, put } from '../../testing/datasets/tiny-datasets';
import { readRun } from '../../electron/runs';
import { repmlp, temporaryFolder } from './repmlp';

const FACES = ['train', '--model', 'facenet-small', '--backend', 'wasm', '--epochs', '1', '--recipe-set', 'batchSize=6'];

let folder: string;
let people: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  people = join(folder, 'people');
  for (const name of ['ann', 'bob']) for (let i = 0; i < 10; i++) await put(join(people, name, `${i}.png`), png(48, 48, [20 * i, 90, 90]));
});

test('a folder of folders trains a face network as people, which is said and written into the run', async () => {
  const run = join(folder, 'faces');
  const { code, stderr } = await repmlp([...FACES, '--set', 'identities=2', '--data', people, '--out', run]);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('since the network recognises faces') as string });
  expect(stderr).toContain(`folders:${people} reads it otherwise`);
  expect((await readRun(run)).config.dataset).toEqual({ kind: 'folder', path: people, layout: 'identities' });
  // The pairs alone, without anybody to train on, are enough to evaluate.
  const tests = join(folder, 'tests');
  for (const name of ['eve', 'kim'])
    for (const n of [1, 2]) await put(join(tests, 'lfw', name, `${name}_000${n}.png`), png(48, 48, [9 * n, 1, 2]));
  await put(join(tests, 'pairs.txt'), '1 1\neve 1 2\neve 1 kim 2\n');
  const { stdout } = await repmlp(['evaluate', run, '--data', tests, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ samples: 0, loss: null, faces: { verification: { pairs: 2 } } });
});

test('a run whose data are gone is not gone on with, and stays as it was', async () => {
  const [gone, run] = [join(folder, 'gone'), join(folder, 'gone-run')];
  await rename(people, gone);
  expect((await repmlp([...FACES, '--set', 'identities=2', '--data', gone, '--recipe-set', 'schedule=constant', '--out', run])).code).toBe(
    0,
  );
  await rename(gone, people);
  const before = await readFile(join(run, 'run.json'), 'utf8');
  const { code, stderr } = await repmlp(['train', '--resume', '--epochs', '2', '--out', run]);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('put it back, then go on') as string });
  expect(await readFile(join(run, 'run.json'), 'utf8')).toBe(before);
});

test.each([
  ['another number of people', (): string => people, 'people train has 2: set identities=2'],
  ['folders that were named classes', (): string => `folders:${people}`, 'folders of people are read as such with identities:FOLDER'],
  ['a file instead of a folder', (): string => join(people, 'ann', '0.png'), 'is a file; a data set is a folder, for example'],
  ['a slip in the name', (): string => 'face', 'there is no such folder; did you mean "faces"?'],
])('%s is refused in one sentence, and no run folder is made', async (_, data, sentence) => {
  const run = join(folder, 'refused');
  const { code, stderr } = await repmlp([...FACES, '--data', data(), '--out', run]);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
  expect(existsSync(run)).toBe(false);
});
