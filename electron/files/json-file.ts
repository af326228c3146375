// JSON that a user names by its file.
import { parsedJson } from '@shared/base/stored-version';
import { UserError } from '@shared/base/user-error';
import { readText } from './regular-file';

/** Parsed JSON of a file. Throws UserError naming the file. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parsedJson(text, path, 'is not JSON');
}
