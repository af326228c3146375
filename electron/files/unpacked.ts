// Files of a packaged app that lie beside its archive, since threads and WebAssembly are not loaded from inside it: Electron's fuse
// checks the archive alone. The archive holds their SHA-256. Invariant: none of them runs that is not the one that was packaged.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '@shared/base/user-error';

/** Beside the bundles in the archive: name -> SHA-256 of what lies outside. */
export const UNPACKED_LIST = 'unpacked.json';
const listSchema = z.record(z.string(), z.string().regex(/^[\da-f]{64}$/));

/**
 * Where a file or folder beside the program's bundle (at the URL `own`) lies; in a packaged app beside the archive, once its
 * files and those of `others` are known to be the ones that were packaged. Throws UserError where one was changed or is missing.
 */
export function beside(own: string, name: string, others: readonly string[] = []): URL {
  const inside = new URL(`./${name}`, own);
  const outside = inside.href.replace('/app.asar/', '/app.asar.unpacked/');
  if (outside !== inside.href)
    expectPackaged(new URL('.', own), new URL('.', own.replace('/app.asar/', '/app.asar.unpacked/')), [name, ...others]);
  return new URL(outside);
}

function expectPackaged(archive: URL, folder: URL, names: readonly string[]): void {
  const list = listSchema.parse(JSON.parse(readFileSync(new URL(UNPACKED_LIST, archive), 'utf8')));
  const wanted = Object.entries(list).filter(([file]) => names.some((name) => file === name || file.startsWith(`${name}/`)));
  const absent = names.find((name) => !wanted.some(([file]) => file === name || file.startsWith(`${name}/`)));
  if (absent !== undefined) throw new UserError(`${absent} is not among the files that this installation was made with; install it again`);
  for (const [file, sum] of wanted) {
    const path = join(fileURLToPath(folder), file);
    if (sumOf(path) !== sum)
      throw new UserError(`${path} is missing or was changed since this program was packaged, and is not run: install RepMLP Studio again`);
  }
}

function sumOf(path: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return null;
  }
}
