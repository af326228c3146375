// JSON that a user names by its file.
import { readFile } from 'node:fs/promises';
import { UserError } from '@shared/base/user-error';

/** Parsed JSON of a file. Throws UserError naming the file. */
export async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  return parsedJson(text, path);
}

/** Parsed JSON of a text. Throws UserError naming the file it is from. */
export function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`);
  }
}
