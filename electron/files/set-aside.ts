// A file of the user's that this program cannot read: damaged, or of a later release. It makes room for a new one and is kept
// beside it. Invariant: nothing is written over, neither the file nor what was set aside before.
import { rename } from 'node:fs/promises';
import { exists } from './exists';

/** Renames `NAME.json` to `NAME.unreadable.json`, or `NAME.unreadable-2.json` where that is there; gives the new name. */
export async function setAside(path: string): Promise<string> {
  const stem = path.replace(/\.json$/, '');
  for (let count = 1; ; count++) {
    const name = `${stem}.unreadable${count === 1 ? '' : `-${count}`}.json`;
    if (await exists(name)) continue;
    await rename(path, name);
    return name;
  }
}
