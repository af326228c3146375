// Only one program writes a run, or fetches into a folder. Its lock is a file with the identity of the process that holds it; a lock whose process is
// gone is taken over. Invariants: the file appears whole; of many that find a dead lock one takes it over, for whoever does so
// first holds a lock on that (the dead lock's token, which no other has, is in its name).
import { randomUUID } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '@shared/base/user-error';
import { pathInside } from './inside';
import { ownIdentity, processIdentitySchema, processState, type ProcessState } from './process-identity';
import { readText } from './regular-file';
import { removeAbandoned, temporaryBeside } from './temporary-name';

const holderSchema = z.object({
  format: z.literal('repmlp-lock'),
  version: z.literal(1),
  /** Of this lock alone. */
  token: z.uuid(),
  /** What the user calls the program: `repmlp train`. */
  program: z.string(),
  since: z.string(),
  process: processIdentitySchema,
});
type Holder = z.infer<typeof holderSchema>;

/** A lock that somebody else holds; `holder` is null where the file does not say who. */
interface Refusal {
  readonly path: string;
  readonly holder: Holder | null;
  readonly state: ProcessState;
}

/** Somebody else writes there. */
export class Locked extends UserError {}

/** A lock held by this program, until it is released or the program ends. */
export class Lock {
  constructor(
    private readonly path: string,
    private readonly token: string,
  ) {
    held.set(path, token);
  }

  /** Gives the lock back; one that is not ours any more stays. */
  async release(): Promise<void> {
    if (held.get(this.path) !== this.token) return;
    held.delete(this.path);
    if ((await holderAt(this.path))?.token === this.token) await rm(this.path, { force: true });
  }
}

/** Takes the lock `name` of a folder. Rejects with Locked, which says who holds it, since when and what to do; `doing` is what that one does to what (`is being trained`). */
export async function takeLock(folder: string, name: string, doing: string): Promise<Lock> {
  const taken = await tryLock(await pathInside(folder, name));
  if (taken instanceof Lock) {
    // A program that was killed while it took the lock left its unfinished file.
    await removeAbandoned(folder);
    return taken;
  }
  throw new Locked(`${doing} by ${holderText(taken)}`);
}

/** Who else holds the lock `name` of a folder, as the end of a sentence; null if nobody does, or this program. */
export async function otherHolder(folder: string, name: string): Promise<string | null> {
  const refusal = await refusalAt(await pathInside(folder, name));
  if (refusal === null || refusal.state === 'gone' || [...held.values()].includes(refusal.holder?.token ?? '')) return null;
  return holderText(refusal);
}

/** Locks of this program: path -> token. Those left when it ends go with it. */
const held = new Map<string, string>();
process.on('exit', () => held.forEach((token, path) => releaseAtExit(path, token)));

function releaseAtExit(path: string, token: string): void {
  try {
    if (readFileSync(path, 'utf8').includes(token)) unlinkSync(path);
  } catch {
    // It is gone already.
  }
}

const MOST_TRIES = 200;
const MILLISECONDS_BETWEEN_TRIES = 25;

async function tryLock(path: string): Promise<Lock | Refusal> {
  const holder = await ownHolder();
  for (let tries = 0; ; tries++) {
    if (await createWhole(path, JSON.stringify(holder))) return new Lock(path, holder.token);
    const refusal = await refusalAt(path);
    if (refusal?.state === 'gone' && refusal.holder !== null && (await takeOver(path, refusal.holder.token, holder)))
      return new Lock(path, holder.token);
    if (refusal !== null && (refusal.state !== 'gone' || tries >= MOST_TRIES)) return refusal;
    await sleep(MILLISECONDS_BETWEEN_TRIES);
  }
}

/** Puts ours in the place of a dead lock, unless somebody else does or has done so. */
async function takeOver(path: string, dead: string, holder: Holder): Promise<boolean> {
  const guard = await tryLock(`${path}.${dead}`);
  if (!(guard instanceof Lock)) return false;
  try {
    if ((await holderAt(path))?.token !== dead) return false;
    const whole = await temporaryBeside(path);
    await writeNew(whole, JSON.stringify(holder));
    await rename(whole, path);
    return true;
  } finally {
    await guard.release();
  }
}

async function ownHolder(): Promise<Holder> {
  const since = new Date().toISOString();
  return { format: 'repmlp-lock', version: 1, token: randomUUID(), program: programName(), since, process: await ownIdentity() };
}

function programName(): string {
  const verb = process.argv[2] ?? '';
  return process.versions.electron === undefined && /^[a-z]+$/.test(verb) ? `repmlp ${verb}` : 'RepMLP Studio';
}

/** Creates a file that is whole from its first moment on; false if there is one. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const whole = await temporaryBeside(path);
  await writeNew(whole, content);
  try {
    await link(whole, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    // A file system without links: there the content comes a moment after the file.
    return await writeNew(path, content);
  } finally {
    await rm(whole, { force: true });
  }
}

/** Writes a file that is not there yet; false if it is. */
async function writeNew(path: string, content: string): Promise<boolean> {
  const handle = await open(path, 'wx').catch((error: unknown) => {
    if (isCode(error, 'EEXIST')) return null;
    throw error;
  });
  if (handle === null) return false;
  await handle.writeFile(content).finally(() => handle.close());
  return true;
}

/** Who holds the lock at a path; null if there is none. */
async function refusalAt(path: string): Promise<Refusal | null> {
  for (let tries = 0; tries < 10; tries++) {
    const text = await readText(path).catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return null;
      throw error;
    });
    if (text === null) return null;
    const holder = parsedHolder(text);
    if (holder !== null) return { path, holder, state: await processState(holder.process) };
    // It may be under way to the disk.
    await sleep(MILLISECONDS_BETWEEN_TRIES);
  }
  return { path, holder: null, state: 'elsewhere' };
}

async function holderAt(path: string): Promise<Holder | null> {
  return parsedHolder(await readText(path).catch(() => ''));
}

function parsedHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** `another program: repmlp train (process 12), since …: what to do`. */
function holderText({ path, holder, state }: Refusal): string {
  if (holder === null)
    return `another program, which ${path} does not name: if no program does so any more, delete that file, then try again`;
  const { program, since, process: of } = holder;
  const who = of.pid === process.pid && state === 'alive' ? 'this program' : 'another program';
  const where = state === 'elsewhere' ? ` on ${of.host}` : '';
  const doing = `${who} (${program}, process ${of.pid}${where}, since ${since})`;
  if (state === 'elsewhere')
    return `${doing}: end it there first. If it no longer runs, which cannot be seen from here, delete ${path}, then try again`;
  return `${doing}: wait until it ends, or stop it there, then try again`;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
