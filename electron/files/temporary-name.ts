// Names of files that live only while they are made. Whose one is stands in its name, so that what a killed program left is told
// from what another one is writing. Invariant: removed is only what bears such a name, of a process that is known to be gone.
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownTag, taggedState } from './process-identity';

/** `.NAME.OWNER.RANDOM.tmp` */
const TEMPORARY = /^\..+\.(p[^.]+)\.[\da-f]{12}\.tmp$/;
/** A name has at most 255 bytes, and a character up to four of them: this leaves room for the rest. */
const LONGEST_STEM = 40;

/** A hidden name beside `path` that nobody else takes. */
export async function temporaryBeside(path: string): Promise<string> {
  const stem = [...basename(path)].slice(0, LONGEST_STEM).join('');
  return join(dirname(path), `.${stem}.${await ownTag()}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Removes from a folder what programs that are gone left unfinished there. A folder that cannot be read is left as it is. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names) {
    const [, owner] = TEMPORARY.exec(name) ?? [];
    if (owner !== undefined && (await taggedState(owner)) === 'gone') await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** Removes from a folder the inner folders `PREFIXOWNER-...` of programs that are gone; `prefix` is ours alone. */
export async function removeAbandonedFolders(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const owner = name.slice(prefix.length).split('-').slice(0, 4).join('-');
    if ((await taggedState(owner)) === 'gone') await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
