// What lies in a folder, to be held against what should.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** SHA-256 of every file below a folder, by its name there. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sums = files.map(async (path) => [path.slice(folder.length + 1), (await sumOf(path)) ?? 'gone'] as const);
  return new Map(await Promise.all(sums));
}

/** SHA-256 of a file; null where there is none. */
export async function sumOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

/** Names of what is only there while something is made. */
export function unfinished(names: Iterable<string>): string[] {
  return [...names].filter((name) => /\.(tmp|lock|partial|download)$|(^|\/)\./.test(name));
}
