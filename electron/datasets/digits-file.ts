// The compact file of the digits, which the build puts beside the bundles (in a checkout: into dist).
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '@shared/base/user-error';
import { readRegular } from '../files/regular-file';

const PLACES = [join('digits', 'digits.gz'), join('dist', 'digits', 'digits.gz')];

/** The file's path. Throws UserError where it was not built. */
export function digitsFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const found = PLACES.map((place) => join(folder, place)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) throw new UserError('the digits were not built; run `npm run build` first');
    folder = dirname(folder);
  }
}

/** Many times the digits' own. */
const MOST_BYTES = 2 ** 28;

let loaded: Promise<Uint8Array> | null = null;

/** The file's bytes, read once. Rejects with UserError where it was not built. */
export async function readDigits(): Promise<Uint8Array> {
  loaded ??= readRegular(digitsFile(), MOST_BYTES);
  return loaded;
}
