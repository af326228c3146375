// Which folder a run's name stands for: those below the runs folder by their own name, and others that were
// opened by path, named apart by the folder they lie in. Invariant: a name stands for one folder.
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ListedRun } from '@shared/link/studio';
import type { RunRecord } from '@shared/run/run';
import { runFolderName } from '@shared/run/run-name';
import { printable, steers } from '@shared/base/printable';
import { UserError } from '@shared/base/user-error';
import { pathInside } from '../files/inside';
import { messageOf } from '@shared/base/message-of';
import { otherHolder } from '../files/lock';
import { readRemarks } from './remarks';
import { checkpointRecord, listRuns, LOCK_FILE, readRun, steeringName } from './read';

export class RunFolders {
  /** Runs outside the runs folder: name -> path. */
  private readonly elsewhere = new Map<string, string>();

  constructor(readonly folder: string) {}

  /** Every readable run, newest first. */
  async list(): Promise<ListedRun[]> {
    const { runs } = await listRuns(this.folder);
    const others = await Promise.all([...this.elsewhere].map(([name, path]) => readNamed(name, path).catch(() => null)));
    return [
      ...(await Promise.all(runs.map(({ path, record }) => listed(record, basename(path), path)))),
      ...others.filter((record) => record !== null),
    ];
  }

  /** Run folders that cannot be read, and why. */
  async broken(): Promise<{ path: string; reason: string }[]> {
    return (await listRuns(this.folder)).broken;
  }

  /** Opens a run folder anywhere. Rejects with UserError that says what is wrong with it. */
  async open(path: string): Promise<ListedRun> {
    const full = resolve(path);
    if (steers(basename(full))) throw new UserError(`${printable(full)}: ${steeringName(basename(full))}`);
    if (dirname(full) === resolve(this.folder)) return readNamed(basename(full), full);
    const name = this.outsideName(full);
    const run = await readNamed(name, full);
    this.elsewhere.set(name, full);
    return run;
  }

  /** The name an outside folder has, or gets: no run of the runs folder is called so, for its names have no brackets. */
  private outsideName(path: string): string {
    const plain = printable(`${basename(path)} (${basename(dirname(path)) || '/'})`);
    for (let count = 1; ; count++) {
      const name = count === 1 ? plain : `${plain} ${count}`;
      const taken = this.elsewhere.get(name);
      if (taken === path || (taken === undefined && !existsSync(join(this.folder, name)))) return name;
    }
  }

  /** The folder of a run that exists. Throws UserError if there is none. */
  folderOf(name: string): string {
    const path = this.elsewhere.get(name) ?? join(this.folder, existingName(name));
    if (!existsSync(path)) throw new UserError(`there is no run called ${name} in ${this.folder}`);
    return path;
  }

  /** A folder for a new run, a number added where the name is taken. */
  newFolder(name: string): string {
    const plain = runFolderName(name);
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
    return pathInside(folder, (listed ?? checkpointRecord(record, which)).file);
  }
}

async function readNamed(name: string, path: string): Promise<ListedRun> {
  return listed(await readRun(path), name, path);
}

async function listed(record: RunRecord, name: string, folder: string): Promise<ListedRun> {
  const trainedBy = await otherHolder(folder, LOCK_FILE).catch((error: Error) => error.message);
  return { ...record, name, folder, trainedBy, ...(await remarksOn(folder)) };
}

/** What is said of a run; of remarks that cannot be read, why. */
async function remarksOn(folder: string): Promise<Pick<ListedRun, 'tags' | 'note' | 'baseline' | 'remarksProblem'>> {
  try {
    const { tags, note, baseline } = await readRemarks(folder);
    return { tags, note, baseline, remarksProblem: null };
  } catch (error) {
    return { tags: [], note: '', baseline: false, remarksProblem: messageOf(error) };
  }
}

/** A name as the list gives it: any folder's, made by whatever program, but not a way out of the runs folder. */
function existingName(name: string): string {
  if (basename(name) !== name || /^\.*$/.test(name)) throw new UserError(`a run is named by its folder's name; got "${name}"`);
  return name;
}
