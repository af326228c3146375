// The identity of a data set as run.json records it: of an embedded one its description, of a folder the
// names and sizes of its files (reading them all would take minutes on large sets).
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DatasetReference } from '@shared/dataset/dataset';

/** SHA-256 in hexadecimal. */
export async function dataHashOf(dataset: DatasetReference): Promise<string> {
  const hash = createHash('sha256');
  if (dataset.kind === 'embedded') return hash.update(JSON.stringify(dataset)).digest('hex');
  const entries = await readdir(dataset.path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(`${relative(dataset.path, file)}\0${(await stat(file)).size}\n`);
  return hash.digest('hex');
}
