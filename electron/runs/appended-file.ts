// A file of a run that grows by lines or records. Invariant: it begins with its header, also where it was deleted amid the run.
import { open } from 'node:fs/promises';
import { writeError } from '../files/atomic-write';
import { pathInside } from '../files/inside';

/** Adds to a file of a run, its header first where the file is not there or empty. Rejects with UserError where the disk is full or gone. */
export async function appendInside(folder: string, name: string, header: string | Uint8Array, added: string | Uint8Array): Promise<void> {
  const path = await pathInside(folder, name);
  try {
    const file = await open(path, 'a');
    try {
      const isNew = (await file.stat()).size === 0;
      await file.appendFile(isNew ? joined(header, added) : added);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw writeError(path, error);
  }
}

function joined(header: string | Uint8Array, added: string | Uint8Array): Uint8Array {
  return Buffer.concat([header, added].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
