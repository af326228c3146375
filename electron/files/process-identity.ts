// Which process this is, told so that another can see whether it still lives. A number alone does not do: numbers are used
// again, and another machine or container has its own. So: number, start time, and the machine it counts on.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';

const text = z.string().nullable();

/** `started` is the start time in the system's own terms. `machine`, `boot` and `space` (of process numbers) are null where a system has none. */
export const processIdentitySchema = z.object({
  pid: z.number().int().positive(),
  started: z.string(),
  host: z.string(),
  machine: text,
  boot: text,
  space: text,
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** What is known of a process: `elsewhere` counts its processes apart, and cannot be asked. */
export type ProcessState = 'alive' | 'gone' | 'elsewhere';

let own: Promise<ProcessIdentity> | null = null;

/** The identity of this process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  return (own ??= (async () => {
    const { pid } = process;
    const started = (await linuxStart(pid)) ?? String(Math.round(performance.timeOrigin));
    return { pid, started, ...(await place()) };
  })());
}

/** Whether a process lives; where its start time cannot be had, one of its number is taken for it. */
export async function processState(other: ProcessIdentity): Promise<ProcessState> {
  const here = await ownIdentity();
  if (other.host !== here.host || other.machine !== here.machine) return 'elsewhere';
  if (other.boot !== here.boot) return other.boot !== null && here.boot !== null ? 'gone' : 'elsewhere';
  if (other.space !== here.space) return 'elsewhere';
  if (!isRunning(other.pid)) return 'gone';
  const started = await startOf(other.pid);
  return started === null || isSameStart(started, other.started) ? 'alive' : 'gone';
}

async function place(): Promise<Pick<ProcessIdentity, 'host' | 'machine' | 'boot' | 'space'>> {
  const line = (path: string): Promise<string | null> =>
    readFile(path, 'utf8').then(
      (content) => content.trim() || null,
      () => null,
    );
  return {
    host: hostname(),
    machine: await line('/etc/machine-id'),
    boot: await line('/proc/sys/kernel/random/boot_id'),
    space: await readlink('/proc/self/ns/pid').catch(() => null),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's may not be signalled, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Milliseconds by which two tellings of one start may differ: Windows and macOS give it apart from Node, to the second. */
const SAME_START = 5000;

function isSameStart(a: string, b: string): boolean {
  if (a === b) return true;
  return /^\d+$/.test(a) && /^\d+$/.test(b) && process.platform !== 'linux' && Math.abs(Number(a) - Number(b)) <= SAME_START;
}

/** The start time of a running process; 'ended' of one that is dead and not yet collected; null where it cannot be had. */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return linuxStart(pid);
  const told = process.platform === 'win32' ? await windowsStart(pid) : await unixStart(pid);
  return told === null || Number.isNaN(told) ? null : String(told);
}

/** Clock ticks since the machine was started: field 22 of the process's `stat`, counted behind the name in brackets. */
async function linuxStart(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

const run = promisify(execFile);

function unixStart(pid: number): Promise<number | null> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return run('ps', ['-o', 'lstart=', '-p', String(pid)], { env }).then(
    ({ stdout }) => Date.parse(`${stdout.trim()} UTC`),
    () => null,
  );
}

function windowsStart(pid: number): Promise<number | null> {
  const command = `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`;
  return run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command]).then(
    ({ stdout }) => Date.parse(stdout.trim()),
    () => null,
  );
}

/** A process as a part of a file's name. */
const TAG = /^p(\d+)-(\d+|ended)-([\da-f]{8})-([\da-f]{8})$/;

/** The identity of this process, short enough to stand in a file's name; it has no dot. */
export async function ownTag(): Promise<string> {
  const { pid, started, ...at } = await ownIdentity();
  return `p${pid}-${started}-${placeSum(at)}-${shortSum(at.boot)}`;
}

/** What is known of the process that a tag names; null for what is no tag. */
export async function taggedState(tag: string): Promise<ProcessState | null> {
  const [, pid, started, place, boot] = TAG.exec(tag) ?? [];
  if (pid === undefined) return null;
  const here = await ownIdentity();
  if (place !== placeSum(here)) return 'elsewhere';
  if (boot !== shortSum(here.boot)) return 'gone';
  return processState({ ...here, pid: Number(pid), started });
}

function placeSum({ host, machine, space }: Pick<ProcessIdentity, 'host' | 'machine' | 'space'>): string {
  return shortSum([host, machine, space]);
}

function shortSum(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 8);
}
