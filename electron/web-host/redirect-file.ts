// A page on disk that leads a browser to an address which only its user may read: the arguments of a program
// are seen by every user of the machine, a file of one's own is not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAbandonedFolders } from '../files/temporary-name';

/** The page; `remove` may be called more than once. */
export interface RedirectFile {
  readonly path: string;
  remove(): void;
}

/**
 * Writes a page that leads to `url`: readable by its owner alone, in a folder that only the owner may enter, in the
 * first of `folders` that takes it. `owner` names this process (ownTag). Throws what the last of them threw.
 */
export function writeRedirectFile(url: string, folders: readonly string[], owner: string): RedirectFile {
  const [first, ...others] = folders;
  try {
    return writeIn(first, url, owner);
  } catch (error) {
    if (others.length === 0) throw error;
    return writeRedirectFile(url, others, owner);
  }
}

/** Removes the pages of hosts that were killed. */
export async function removeAbandonedPages(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await removeAbandonedFolders(folder, PREFIX);
}

const PREFIX = 'open-studio-';

/** Where a browser can read it. On Linux packaged browsers do not see the system's temporary folder, but a visible one at home. */
export function redirectFolders(programFolder: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  return platform === 'linux' ? [programFolder, tmpdir()] : [tmpdir()];
}

function writeIn(parent: string, url: string, owner: string): RedirectFile {
  const folder = mkdtempSync(join(parent, `${PREFIX}${owner}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, 'studio.html');
  try {
    writeFileSync(path, pageTo(url), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

/** The address is one of ours: no sign in it means anything in HTML. */
function pageTo(url: string): string {
  return [
    '<!doctype html><meta charset="utf-8"><title>RepMLP Studio</title>',
    '<meta name="referrer" content="no-referrer">',
    `<meta http-equiv="refresh" content="0;url=${url}">`,
    `<p><a href="${url}">RepMLP Studio</a></p>`,
    '',
  ].join('\n');
}
