// Errors of the file system (ENOSPC and the like) as sentences. Whoever writes a file says what became of it (writeError); this is
// for the ends of the program, where an error of any operation arrives.
import { UserError } from '@shared/base/user-error';
import { writeError } from './atomic-write';

/** The sentence for an error of the file system, as a UserError; any other error as it is. */
export function asSentence(error: unknown): unknown {
  if (!isDiskError(error)) return error;
  const sentence = error.path === undefined ? error : writeError(error.path, error);
  return sentence instanceof UserError ? sentence : new UserError(error.message, { cause: error });
}

function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string' && /^E[A-Z\d]+$/.test(error.code)
  );
}
