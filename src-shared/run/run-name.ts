// The name of a run as that of its folder: letters and digits of any script, dots, dashes, underscores.
import { UserError } from '../base/user-error';

/** Common file systems hold 255 bytes; what is left is for a number that is added where a name is taken. */
const MOST_BYTES = 200;

/** The folder's name for a run's name. Throws UserError for names that no folder can have. */
export function runFolderName(name: string): string {
  const plain = name
    .trim()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  if (plain === '') throw new UserError(`a run needs a name with letters or digits; got "${name}"`);
  const bytes = new TextEncoder().encode(plain).length;
  if (bytes > MOST_BYTES)
    throw new UserError(`a run's name is that of its folder and may have ${MOST_BYTES} bytes, a letter has one or more; got ${bytes}`);
  return plain;
}
