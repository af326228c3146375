import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '@shared/base/user-error';
import { openRegular, readRegular, readText } from './regular-file';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regular-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('reads a plain file whole, also through a link', async () => {
  await writeFile(join(folder, 'a'), 'größer');
  await symlink('a', join(folder, 'link'));
  expect([await readText(join(folder, 'a')), await readText(join(folder, 'link'))]).toEqual(['größer', 'größer']);
  expect(await readRegular(join(folder, 'a'), 8)).toEqual(Buffer.from('größer'));
});

it.skipIf(process.platform === 'win32')('refuses pipes, sockets, devices and folders at once, also behind a link', async () => {
  spawnSync('/usr/bin/mkfifo', [join(folder, 'pipe')]);
  const server = createServer().listen(join(folder, 'socket'));
  await new Promise((resolve) => server.once('listening', resolve));
  await symlink('/dev/zero', join(folder, 'zeros'));
  await symlink('pipe', join(folder, 'link'));
  for (const [name, what] of [
    ['pipe', /is a pipe/],
    ['link', /is a pipe/],
    ['socket', /is a socket/],
    ['zeros', /is a device/],
    ['', /is a folder/],
  ] as const) {
    await expect(openRegular(join(folder, name))).rejects.toThrow(what);
    await expect(readText(join(folder, name))).rejects.toBeInstanceOf(UserError);
  }
  await new Promise((resolve) => server.close(resolve));
});

it('says that a path with NUL names no file, and that a file is too long', async () => {
  await expect(openRegular('a\0b')).rejects.toThrow(/"a\\u0000b" names no file/);
  await writeFile(join(folder, 'a'), 'four');
  await expect(readRegular(join(folder, 'a'), 3)).rejects.toThrow(/has 4 bytes, at most 3 are read/);
});

it("gives the system's own error where there is nothing", async () => {
  await expect(openRegular(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
});
