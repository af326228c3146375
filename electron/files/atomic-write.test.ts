import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@shared/base/user-error';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomically, writeFileAtomically } from './atomic-write';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-write-'));
});
afterEach(() => rm(folder, { recursive: true }));

const text = (path: string) => readFile(path, 'utf8');

it('writes text, bytes and streams of bytes', async () => {
  async function* chunks() {
    yield Uint8Array.of(104);
    yield new Uint8Array(2 ** 20 + 1).fill(105);
  }
  const path = join(folder, 'a');
  await writeFileAtomically(path, 'hi');
  expect(await text(path)).toBe('hi');
  await writeFileAtomically(path, chunks(), { force: true });
  expect(await text(path)).toBe(`h${'i'.repeat(2 ** 20 + 1)}`);
  expect(await readdir(folder)).toEqual(['a']);
});

it('does not replace a file unless it is allowed to', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  await expect(writeFileAtomically(path, 'new')).rejects.toThrow(UserError);
  expect(await text(path)).toBe('old');
  await writeFileAtomically(path, 'new', { force: true });
  expect(await text(path)).toBe('new');
});

it('leaves the old file and no other when writing fails half-way', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  const failing = writeAtomically(path, { force: true }, async (sink) => {
    await sink.write(new Uint8Array(2 ** 21));
    throw new Error('no more');
  });
  await expect(failing).rejects.toThrow('no more');
  expect([await text(path), await readdir(folder)]).toEqual(['old', ['a']]);
});

it('says that the disk is full, and leaves the old file', async () => {
  const path = join(folder, 'a');
  await writeFile(path, 'old');
  const full = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
  await expect(writeAtomically(path, { force: true }, full)).rejects.toThrow(/disk is full/);
  expect(await text(path)).toBe('old');
});

it.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  'leaves the old file whole when %s ends the program in the middle, and nothing unfinished after the next write',
  async (signal) => {
    const path = join(folder, 'a');
    await writeFile(path, 'old');
    await writeFile(
      join(folder, 'writer.ts'),
      `import { writeAtomically } from ${JSON.stringify(join(import.meta.dirname, 'atomic-write'))};
     await writeAtomically(process.argv[2], { force: true }, async (sink) => {
       await sink.write(new Uint8Array(2 ** 21));
       console.log('half-way');
       await new Promise((resolve) => setTimeout(resolve, 60_000));
     });`,
    );
    const outfile = join(folder, 'writer.mjs');
    const alias = { '@shared': join(import.meta.dirname, '../../src-shared') };
    await build({ entryPoints: [join(folder, 'writer.ts')], outfile, bundle: true, platform: 'node', format: 'esm', alias });
    const writer = spawn(process.execPath, [outfile, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    const ended = new Promise((resolve) => writer.once('exit', (_, by) => resolve(by)));
    writer.kill(signal);
    expect(await ended).toBe(signal);
    expect(await text(path)).toBe('old');
    const unfinished = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    expect(await unfinished()).toHaveLength(signal === 'SIGKILL' ? 1 : 0);
    await writeFileAtomically(path, 'new', { force: true });
    expect([await text(path), await unfinished()]).toEqual(['new', []]);
  },
);

it('replaces what a link points to, not the link', async () => {
  await writeFile(join(folder, 'target'), 'old');
  await symlink('target', join(folder, 'link'));
  await writeFileAtomically(join(folder, 'link'), 'new', { force: true });
  expect(await text(join(folder, 'target'))).toBe('new');
});

it.skipIf(process.platform === 'win32')('never replaces what is no regular file, whatever is allowed', async () => {
  spawnSync('/usr/bin/mkfifo', [join(folder, 'pipe')]);
  await expect(writeFileAtomically(join(folder, 'pipe'), 'x', { force: true })).rejects.toThrow(
    /pipe: is no regular file and is not replaced/,
  );
  expect(await readdir(folder)).toEqual(['pipe']);
});

it('names the folder that is missing and the folder given for a file', async () => {
  await expect(writeFileAtomically(join(folder, 'no', 'a'), 'x')).rejects.toThrow(/folder .*no does not exist/);
  await mkdir(join(folder, 'dir'));
  await expect(writeFileAtomically(join(folder, 'dir'), 'x', { force: true })).rejects.toThrow(/is a folder/);
});
