// Refusing a file: every reader says in one sentence what is wrong with it. `openCheckpoint` puts the
// file's name in front.
import { printable } from '../base/printable';
import { UserError } from '../base/user-error';

const LONGEST_SENTENCE = 500;

/**
 * Throws a UserError with this sentence (without the file's name: it is added at the surface). Names
 * from the file may be in it: control characters, which could steer a terminal, are written out.
 */
export function refuse(sentence: string): never {
  throw new UserError(printable(sentence).slice(0, LONGEST_SENTENCE));
}

/** Runs `work`; a UserError from it comes out with the file's name in front. */
export async function naming<T>(fileName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${fileName}: ${error.message}`);
    throw error;
  }
}

/** A piece of text from a file, short and printable, to be quoted in a message. */
export function quoted(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${printable.length > 60 ? `${printable.slice(0, 57)}...` : printable}"`;
}
