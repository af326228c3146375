import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteInside, pathInside } from './inside';

let top: string;
let folder: string;
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'repmlp-inside-')));
  folder = join(top, 'run');
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  await mkdir(join(top, 'run-2'));
  await writeFile(join(top, 'precious.txt'), 'precious');
  await writeFile(join(top, 'run-2', 'precious.txt'), 'precious');
});
afterEach(() => rm(top, { recursive: true, force: true }));

describe('a name', () => {
  it.each(['run.json', 'checkpoints/epoch-0001.safetensors', 'checkpoints/not/there', 'a..b', '..a', 'été/x'])(
    '%j is a path inside the folder',
    async (name) => {
      expect(await pathInside(folder, name)).toBe(join(folder, name));
    },
  );

  it.each([
    '',
    '.',
    '..',
    '../precious.txt',
    '../run-2/precious.txt',
    'checkpoints/../../precious.txt',
    'a/../../b',
    'checkpoints/..',
    './x',
    'a//b',
    '/etc/passwd',
    'C:\\x',
    'C:x',
    'c:/x',
    '\\\\host\\share\\x',
    '//host/share/x',
    '..\\precious.txt',
    'checkpoints\\..\\..\\x',
    'a\0b',
    'x\n',
    'x:stream',
    'checkpoints/CON',
    'nul.safetensors',
    'x. ',
    'x...',
  ])('%j is refused', async (name) => {
    await expect(pathInside(folder, name)).rejects.toMatchObject({ name: 'UserError' });
    await expect(deleteInside(folder, name)).rejects.toMatchObject({ name: 'UserError' });
    expect(await readFile(join(top, 'precious.txt'), 'utf8')).toBe('precious');
  });
});

describe('a symbolic link', () => {
  it('that leads out of the folder is refused: to a file, to a folder above the file, to nothing', async () => {
    await symlink(join(top, 'precious.txt'), join(folder, 'file'));
    await symlink(join('..', 'run-2'), join(folder, 'folder'));
    await symlink(join(top, 'not-there'), join(folder, 'nothing'));
    await symlink(top, join(folder, 'above'));
    for (const name of ['file', 'folder/precious.txt', 'folder/new', 'nothing', 'above/run/run.json', 'above'])
      await expect(pathInside(folder, name)).rejects.toThrow('a symbolic link that leads out of');
  });

  it('that stays inside is followed, and the folder itself may be one', async () => {
    await writeFile(join(folder, 'checkpoints', 'a'), '');
    await symlink(join(folder, 'checkpoints'), join(folder, 'again'));
    await symlink(folder, join(top, 'elsewhere'));
    expect(await pathInside(folder, 'again/a')).toBe(join(folder, 'again', 'a'));
    expect(await pathInside(join(top, 'elsewhere'), 'again/a')).toBe(join(top, 'elsewhere', 'again', 'a'));
  });
});

it.skipIf(process.platform === 'win32')('a pipe is refused, for it would be read for ever', async () => {
  execFileSync('/usr/bin/mkfifo', [join(folder, 'metrics.csv')]);
  await expect(pathInside(folder, 'metrics.csv')).rejects.toThrow('is no regular file');
});

it('a file is deleted once, and one that is not there is no error', async () => {
  await writeFile(join(folder, 'checkpoints', 'a'), '');
  await deleteInside(folder, 'checkpoints/a');
  await deleteInside(folder, 'checkpoints/a');
  await expect(readFile(join(folder, 'checkpoints', 'a'))).rejects.toThrow('ENOENT');
});
