// Whether something is there.
import { access } from 'node:fs/promises';

/** Whether there is a file or folder at `path`, or what a link there leads to. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
