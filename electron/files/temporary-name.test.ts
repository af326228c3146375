import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomically } from './atomic-write';
import { takeLock } from './lock';
import { ownTag, taggedState } from './process-identity';
import { removeAbandoned, removeAbandonedFolders, temporaryBeside } from './temporary-name';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporary-name-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Tags of processes that are gone: one that has ended, one whose number another has now, one before the machine's last start. */
async function goneTags(): Promise<string[]> {
  const [, , place, boot] = (await ownTag()).split('-');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return [`p${pid}-77-${place}-${boot}`, `p${process.ppid}-1-${place}-${boot}`, `p${process.pid}-77-${place}-00000000`];
}

const elsewhere = async (): Promise<string> => `p1-77-00000000-${(await ownTag()).split('-')[3]}`;

it('a process is told alive, gone or elsewhere by its tag', async () => {
  expect(await taggedState(await ownTag())).toBe('alive');
  for (const tag of await goneTags()) expect(await taggedState(tag)).toBe('gone');
  expect(await taggedState(await elsewhere())).toBe('elsewhere');
  expect(await taggedState('notes')).toBeNull();
});

it('what a process that is gone left unfinished is removed by the next write there, and nothing else', async () => {
  const random = '0123456789ab';
  const gone = (await goneTags()).map((tag) => `.net.pth.${tag}.${random}.tmp`);
  const own = (await temporaryBeside(join(folder, 'net.pth'))).slice(folder.length + 1);
  const kept = [
    own,
    `.net.pth.${await elsewhere()}.${random}.tmp`,
    `.net.pth.${random}.tmp`,
    `notes.${(await goneTags())[0]}.tmp`,
    '.hidden',
  ];
  for (const name of [...gone, ...kept]) await writeFile(join(folder, name), 'x');
  await writeFileAtomically(join(folder, 'other'), 'y');
  expect((await readdir(folder)).sort()).toEqual([...kept, 'other'].sort());
});

it('folders are removed by the same rule', async () => {
  const gone = (await goneTags()).map((tag) => `repmlp-test-${tag}-AbCdEf`);
  const kept = [`repmlp-test-${await ownTag()}-AbCdEf`, 'repmlp-test-123-AbCdEf', 'other'];
  for (const name of [...gone, ...kept]) await mkdir(join(folder, name, 'inner'), { recursive: true });
  await removeAbandonedFolders(folder, 'repmlp-test-');
  expect((await readdir(folder)).sort()).toEqual(kept.sort());
});

it('the temporary name of the longest file name is a name, and a folder that is not there has nothing left', async () => {
  const path = await temporaryBeside(join(folder, `${'ü'.repeat(120)}.pth`));
  await writeFile(path, 'x');
  expect(await readdir(folder)).toHaveLength(1);
  await removeAbandoned(join(folder, 'none'));
});

it('whoever takes a lock takes away what a program left that was killed while it took it', async () => {
  const [gone] = await goneTags();
  await writeFile(join(folder, `.run.lock.${gone}.0123456789ab.tmp`), '{');
  const lock = await takeLock(folder, 'run.lock', 'the folder is being written');
  expect(await readdir(folder)).toEqual(['run.lock']);
  await lock.release();
});
