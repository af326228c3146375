// What a browser host leaves for the next one on the same runs folder: its port and its session, so that windows that were
// open find it again when it is started again. The file is its owner's alone, like the address that is printed.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../files/regular-file';
import { removeAbandoned, temporaryBeside } from '../files/temporary-name';

const FILE = '.web-host.json';

const lastingSchema = z.object({ port: z.number().int().min(1).max(65535), session: z.string().regex(/^[\w-]{32,100}$/) });
export type Lasting = z.infer<typeof lastingSchema>;

/** What the last host left in a runs folder; null where there is none, or it cannot be used. */
export async function lastingIn(runsFolder: string): Promise<Lasting | null> {
  const text = await readText(join(runsFolder, FILE)).catch(() => '');
  try {
    return lastingSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Leaves port and session for the next host. Rejects where the folder cannot be written. */
export async function leaveLasting(runsFolder: string, lasting: Lasting): Promise<void> {
  await mkdir(runsFolder, { recursive: true });
  await removeAbandoned(runsFolder);
  // Never readable by others, not even for a moment.
  const draft = await temporaryBeside(join(runsFolder, FILE));
  try {
    await writeFile(draft, `${JSON.stringify(lasting)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(draft, join(runsFolder, FILE));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
