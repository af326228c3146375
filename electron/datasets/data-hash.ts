// The identity of a data set as run.json records it: of an embedded one its description
// (of the digits also their checksum), of a folder the
// names and sizes of its files (reading them all would take minutes on large sets).
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DatasetReference } from '@shared/dataset/dataset';
import { DIGITS_CHECKSUM } from '@shared/dataset/digits';
import { EMBEDDED_DRAWING } from '@shared/dataset/embedded/embedded';
import { datasetReferenceText } from '@shared/dataset/reference';
import type { RunRecord } from '@shared/run/run';
import { UserError } from '@shared/base/user-error';
import { isFolder, mapLimited } from './sources';

/** What is to be said where the data of a run are no longer what it was started with; null where they are. Rejects with UserError where they are gone. */
export async function dataChange({ config, dataHash }: Pick<RunRecord, 'config' | 'dataHash'>): Promise<string | null> {
  const { dataset } = config;
  if (dataset.kind === 'folder' && !(await isFolder(dataset.path)))
    throw new UserError(`${dataset.path}: there is no such folder, and the run is trained on it: put it back, then go on`);
  if ((await dataHashOf(config.dataset)) === dataHash) return null;
  return `The data (${datasetReferenceText(config.dataset)}) have changed since the run was started: it goes on, but not to the weights of an uninterrupted run.`;
}

/** SHA-256 in hexadecimal. Rejects with UserError where there is no such folder. */
export async function dataHashOf(dataset: DatasetReference): Promise<string> {
  const hash = createHash('sha256');
  if (dataset.kind === 'embedded' && dataset.name === 'digits')
    return hash.update(JSON.stringify([DIGITS_CHECKSUM, dataset])).digest('hex');
  if (dataset.kind === 'embedded') return hash.update(JSON.stringify([EMBEDDED_DRAWING, dataset])).digest('hex');
  if (!(await isFolder(dataset.path)))
    throw new UserError(`${dataset.path}: there is no such folder; choose the folder of a data set, or an embedded one`);
  const entries = await readdir(dataset.path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = await mapLimited(files.sort(), async (file) => `${relative(dataset.path, file)}\0${(await stat(file)).size}\n`);
  lines.forEach((line) => hash.update(line));
  return hash.digest('hex');
}
