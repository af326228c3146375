// Which folder a run's name stands for: those below the runs folder, and others that were opened by path.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ListedRun } from '@shared/contract/studio';
import { UserError } from '@shared/user-error';
import { checkpointRecord, listRuns, readRun } from './runs/read';

/** Runs by name. A run's name is its folder's. */
export class RunFolders {
  private readonly elsewhere = new Map<string, string>();

  constructor(readonly folder: string) {}

  /** Every readable run, newest first. */
  async list(): Promise<ListedRun[]> {
    const { runs } = await listRuns(this.folder);
    const others = await Promise.all([...this.elsewhere.values()].map((path) => readNamed(path).catch(() => null)));
    return [
      ...runs.map(({ path, record }) => ({ ...record, name: basename(path), folder: path })),
      ...others.filter((record) => record !== null),
    ];
  }

  /** Run folders that cannot be read, and why. */
  async broken(): Promise<{ path: string; reason: string }[]> {
    return (await listRuns(this.folder)).broken;
  }

  /** Opens a run folder anywhere. Rejects with UserError that says what is wrong with it. */
  async open(path: string): Promise<ListedRun> {
    const record = await readNamed(resolve(path));
    if (resolve(path) !== join(this.folder, record.name)) this.elsewhere.set(record.name, resolve(path));
    return record;
  }

  /** The folder of a run that exists. Throws UserError if there is none. */
  folderOf(name: string): string {
    const path = this.elsewhere.get(name) ?? join(this.folder, plainName(name));
    if (!existsSync(path)) throw new UserError(`there is no run called ${name} in ${this.folder}`);
    return path;
  }

  /** A folder for a new run, a number added where the name is taken. */
  newFolder(name: string): string {
    const plain = plainName(name);
    for (let count = 1; ; count++) {
      const path = join(this.folder, count === 1 ? plain : `${plain}-${count}`);
      if (!existsSync(path)) return path;
    }
  }

  /** The file of a run's checkpoint: `last`, `best`, `merged`, an epoch, or a file name the record lists. */
  async checkpoint(name: string, which: string): Promise<string> {
    const folder = this.folderOf(name);
    const record = await readRun(folder);
    const listed = record.checkpoints.find(({ file }) => file === which);
    return join(folder, (listed ?? checkpointRecord(record, which)).file);
  }
}

async function readNamed(path: string): Promise<ListedRun> {
  return { ...(await readRun(path)), name: basename(path), folder: path };
}

/** The name as a folder's. Throws UserError for names that are none. */
function plainName(name: string): string {
  const plain = name.trim().replace(/[^\p{L}\p{N}._-]+/gu, '-');
  if (plain === '' || /^\.+$/.test(plain)) throw new UserError(`a run needs a name of letters, digits, dots, dashes; got "${name}"`);
  return plain;
}
