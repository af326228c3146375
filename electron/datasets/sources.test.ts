import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesIn, sampleSource, subfolders } from './sources';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A path in the folder whose name is `é.png` in Latin-1. */
const latin1 = (): Buffer => Buffer.concat([Buffer.from(join(folder, 'x')), Buffer.of(0xe9), Buffer.from('.png')]);

// Other systems do not let such names come about.
const onLinux = it.skipIf(process.platform !== 'linux');

onLinux('a file whose name is not UTF-8 is named with what to do, for it could not be opened later', async () => {
  await writeFile(latin1(), 'x');
  await expect(filesIn(folder)).rejects.toThrow(/x\uFFFD\.png: this name is not in UTF-8 and cannot be opened; rename it/);
});

onLinux('so is a folder', async () => {
  await mkdir(latin1());
  await expect(subfolders(folder)).rejects.toThrow('rename it');
});

it('hidden files and folders are left out; what is no picture is told apart', async () => {
  for (const name of ['b.PNG', 'a.jpeg', '.hidden.png', 'notes.txt']) await writeFile(join(folder, name), 'x');
  for (const name of ['cats', '.git']) await mkdir(join(folder, name));
  const paths = (...names: string[]): string[] => names.map((name) => join(folder, name));
  expect(await filesIn(folder)).toEqual({ pictures: paths('a.jpeg', 'b.PNG'), others: paths('notes.txt') });
  expect(await subfolders(folder)).toEqual(['cats']);
});

it('names of classes turn nothing around where they are shown', () => {
  const about = {
    name: 'pets',
    task: 'classification',
    count: 0,
    classes: ['cats', 'do\u202egs'],
    mean: [0],
    deviation: [1],
    image: { channels: 1, height: 1, width: 1 },
  } as const;
  const source = sampleSource(about, () => Promise.reject(new Error('nothing is read')));
  expect(source.classes).toEqual(['cats', 'do\\u202egs']);
});
