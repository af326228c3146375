// What a browser host leaves for the next one.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastingIn, leaveLasting } from './lasting-session';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'repmlp-lasting-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const session = 'a'.repeat(32);

it('is read again as it was left, in a file for its owner alone, and the last one counts', async () => {
  const runs = join(folder, 'runs');
  expect(await lastingIn(runs)).toBeNull();
  await leaveLasting(runs, { port: 4000, session });
  await leaveLasting(runs, { port: 4001, session });
  expect(await lastingIn(runs)).toEqual({ port: 4001, session });
  expect(await readdir(runs)).toEqual(['.web-host.json']);
  if (process.platform !== 'win32') expect((await stat(join(runs, '.web-host.json'))).mode & 0o777).toBe(0o600);
});

it('is nothing where it is damaged, or its key is too short to be one', async () => {
  for (const text of ['{', '{"port":4000}', '{"port":4000,"session":"short"}', `{"port":0,"session":"${session}"}`]) {
    await writeFile(join(folder, '.web-host.json'), text);
    expect(await lastingIn(folder)).toBeNull();
  }
});
