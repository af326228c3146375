// Files that come with the program, found beside the bundle in a package and in assets/ of a checkout.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@shared/base/user-error';

/** The bundled checkpoint of this name. Throws UserError if there is none. */
export function bundledCheckpoint(name: string): string {
  const path = asset(`${name}.safetensors`);
  if (path === null) throw new UserError(`no checkpoint called ${name} comes with this program`);
  return path;
}

/** The page of help of this name below assets/help, as Markdown; null where there is none. */
export function helpPage(name: string): string | null {
  const path = asset(join('help', `${name}.md`));
  return path === null ? null : readFileSync(path, 'utf8');
}

/** A file of a PyTorch bundle as it comes with the program. Throws UserError if there is none. */
export function bundleTemplate(name: string): string {
  const path = asset(join('bundle', name));
  if (path === null) throw new UserError(`assets/bundle/${name}, which bundles are made of, is missing from this installation`);
  return readFileSync(path, 'utf8');
}

function asset(name: string): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(folder, 'assets', name);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
}
