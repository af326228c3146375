import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Lock, Locked, otherHolder, takeLock } from './lock';
import { ownIdentity, type ProcessIdentity } from './process-identity';

const NAME = 'run.lock';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repmlp-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const take = (): Promise<Lock> => takeLock(folder, NAME, `${folder} is being trained`);

/** A lock as another process left it. */
async function left(change: Partial<ProcessIdentity>, token = '6f1c2f0e-6a5d-4f57-9d38-0f6a3c1d2b4e'): Promise<void> {
  const process = { ...(await ownIdentity()), ...change };
  const holder = { format: 'repmlp-lock', version: 1, token, program: 'repmlp train', since: '2026-01-01T00:00:00.000Z', process };
  await writeFile(join(folder, NAME), JSON.stringify(holder));
}

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

it('a second taker is refused until the first gives it back, and nothing is left behind', async () => {
  const lock = await take();
  await expect(take()).rejects.toThrow(/is being trained by this program \(.*process \d+, since 20/);
  expect(await otherHolder(folder, NAME)).toBeNull();
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  await (await take()).release();
});

it('a living process of this machine keeps its lock, and is named with what to do', async () => {
  await left({ pid: process.ppid, started: await startOf(process.ppid) });
  const sentence = /by another program \(repmlp train, process \d+, since 2026-01-01T00:00:00.000Z\): wait until it ends, or stop it there/;
  await expect(take()).rejects.toThrow(sentence);
  await expect(take()).rejects.toBeInstanceOf(Locked);
  expect(`is trained by ${await otherHolder(folder, NAME)}`).toMatch(sentence);
});

it('the lock of a process that is gone is taken over, and one whose number another process has now', async () => {
  for (const change of [{ pid: deadPid() }, { pid: process.ppid, started: '1' }, { boot: 'an earlier start of the machine' }]) {
    await left(change);
    expect(await otherHolder(folder, NAME)).toBeNull();
    await (await take()).release();
    expect(await readdir(folder)).toEqual([]);
  }
});

it('a lock of another machine or container is never taken over; its sentence says which file to delete', async () => {
  for (const change of [{ host: 'box', pid: deadPid() }, { machine: 'another', boot: 'another' }, { space: 'pid:[1]' }]) {
    await left(change);
    await expect(take()).rejects.toThrow(`If it no longer runs, which cannot be seen from here, delete ${join(folder, NAME)}`);
  }
});

it('a lock that cannot be read is not taken over', async () => {
  for (const text of ['', '{', '{"format":"repmlp-lock","version":2}']) {
    await writeFile(join(folder, NAME), text);
    await expect(take()).rejects.toThrow('does not name');
    expect(await readFile(join(folder, NAME), 'utf8')).toBe(text);
  }
});

it('of many that find a dead lock at once exactly one takes it over, also where an earlier one died doing so', async () => {
  for (let round = 0; round < 10; round++) {
    const token = '6f1c2f0e-6a5d-4f57-9d38-0f6a3c1d2b4e';
    await left({ pid: deadPid() }, token);
    if (round % 2 === 1) await writeFile(join(folder, `${NAME}.${token}`), await readFile(join(folder, NAME)));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, take));
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(won).toHaveLength(1);
    await won[0].release();
    expect(await readdir(folder)).toEqual([]);
  }
});

it('a lock that is a link out of the folder is refused', async () => {
  await symlink(join(tmpdir(), 'elsewhere.lock'), join(folder, NAME));
  await expect(take()).rejects.toThrow('symbolic link');
});

async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' ? String(Date.now()) : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
