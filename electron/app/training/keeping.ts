// What the owner of runs does with them: describe, rename, delete into a trash, hold the others against one. What the window
// and the verb `runs` both do. Invariant: a run that is being trained is neither renamed nor deleted.
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { runFolderName } from '@shared/run/run-name';
import { UserError } from '@shared/base/user-error';
import { parsedJson } from '@shared/base/stored-version';
import { writeFileAtomically } from '../../files';
import { ABLATION_FILE, ABLATION_LOCK, followRun, readAblation } from './ablation-file';
import type { Ablation } from './ablation';
import { moveToTrash, type SystemTrash } from '../../files/trash';
import { otherHolder } from '../../files/lock';
import { LOCK_FILE, listRuns, RUN_FILE, textIn } from '../../runs/read';
import { changeRemarks, readRemarks } from '../../runs/remarks';
import type { RunFolders } from '../../runs/run-folders';

export class RunKeeping {
  constructor(
    private readonly runs: RunFolders,
    /** Names of the runs that this program trains. */
    private readonly training: () => readonly string[],
    private readonly trash?: SystemTrash,
    /** The list of the ablation that this program may have under way; without it, the one on disk. */
    private readonly ablation?: Pick<Ablation, 'follow'>,
  ) {}

  /** Sets tags and note. */
  async describe(name: string, change: { readonly tags?: string[]; readonly note?: string }): Promise<void> {
    await changeRemarks(this.runs.folderOf(name), change);
  }

  /** Gives a run another name, and its folder; answers the name it has then. */
  async rename(name: string, wanted: string): Promise<string> {
    const folder = await this.ownFolder(name, 'renamed');
    const plain = runFolderName(wanted);
    if (plain === name) return name;
    const target = join(dirname(folder), plain);
    if (existsSync(target)) throw new UserError(`there is something called ${plain} already in ${this.runs.folder}; choose another name`);
    await rename(folder, target);
    await renameRecord(target, plain);
    await this.follow(name, plain);
    return plain;
  }

  /** Moves a run into the trash; answers where that is. */
  async remove(name: string): Promise<string> {
    const where = await moveToTrash(await this.ownFolder(name, 'deleted'), this.trash);
    await this.follow(name, null);
    return where;
  }

  /** Holds the other runs against this one; null holds them against none. */
  async pin(name: string | null): Promise<void> {
    const chosen = name === null ? null : this.runs.folderOf(name);
    const { runs } = await listRuns(this.runs.folder);
    for (const { path } of runs) {
      const { baseline } = await readRemarks(path).catch(() => ({ baseline: false }));
      if (baseline && path !== chosen) await changeRemarks(path, { baseline: false });
    }
    if (chosen !== null) await changeRemarks(chosen, { baseline: true });
  }

  /** The folder of a run that lies in the runs folder and that nobody trains. Rejects with UserError otherwise. */
  private async ownFolder(name: string, done: string): Promise<string> {
    const folder = this.runs.folderOf(name);
    if (dirname(resolve(folder)) !== resolve(this.runs.folder))
      throw new UserError(
        `${basename(folder)} lies outside the runs folder ${this.runs.folder}; it is ${done} where it lies, not from here`,
      );
    const holder = await otherHolder(folder, LOCK_FILE);
    if (holder !== null) throw new UserError(`${name} is being trained by ${holder}; it can be ${done} when that has ended`);
    const list = this.ablation ? null : await this.ablationElsewhere(name);
    if (list !== null)
      throw new UserError(`${name} is in the list of an ablation under way, by ${list}; it can be ${done} when that has ended`);
    if (this.training().includes(name)) throw new UserError(`${name} is being trained; stop it first, then it can be ${done}`);
    return folder;
  }

  /** Who trains an ablation that a run is of, if another program does. */
  private async ablationElsewhere(name: string): Promise<string | null> {
    const holder = await otherHolder(this.runs.folder, ABLATION_LOCK);
    if (holder === null) return null;
    const list = await readAblation(this.ablationPath()).catch(() => null);
    return list?.variants.some(({ run }) => run === name) ? holder : null;
  }

  private follow(from: string, to: string | null): Promise<void> {
    return this.ablation ? this.ablation.follow(from, to) : followRun(this.ablationPath(), from, to);
  }

  private ablationPath(): string {
    return join(this.runs.folder, ABLATION_FILE);
  }
}

/** The record says the name of its folder; everything else in it stays as it was written. */
async function renameRecord(folder: string, name: string): Promise<void> {
  const path = join(folder, RUN_FILE);
  const record = parsedJson((await textIn(folder, RUN_FILE)) ?? '', path);
  await writeFileAtomically(path, `${JSON.stringify({ ...(record as object), name }, null, 2)}\n`, { force: true });
}
