// Fetches published data sets from their official addresses: each file is resumed where an earlier attempt
// broke off, checked against its published MD5, and only then given its name; archives are unpacked.
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DownloadProgress,
  type FetchProgress,
  PUBLISHED_DATASETS,
  type PublishedDataset,
  type PublishedFile,
  parsePublished,
  publishedNamed,
} from '@shared/dataset/published';
import { UserError } from '@shared/base/user-error';
import { takeLock } from '../../files/lock';
import { readText } from '../../files/regular-file';
import { checkSum, download } from './download';
import { isFolder, sizeOf, unreadable } from '../sources';
import { unpackTarGz } from './unpack';

export interface FetchOptions {
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Stops the fetch; what has arrived is kept and resumed next time. */
  readonly signal?: AbortSignal;
}

/** Names a JSON file with further data sets, for a lab with a server of its own. */
const LIST_VARIABLE = 'REPMLP_DATASETS';
/** Held while something is fetched into a folder: two at once would write one another's parts. */
const LOCK_FILE = '.fetch.lock';

/** The data sets that can be fetched: the published ones and those of the file that REPMLP_DATASETS names, which go first. */
export async function fetchableDatasets(): Promise<readonly PublishedDataset[]> {
  const list = process.env[LIST_VARIABLE];
  if (!list) return PUBLISHED_DATASETS;
  const text = await readText(list).catch((error: unknown) => unreadable(`${LIST_VARIABLE}=${list}`, error));
  const further = parsePublished(parsedJson(text, list), list);
  return [...further, ...PUBLISHED_DATASETS.filter(({ name }) => !further.some((other) => other.name === name))];
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: is not JSON (${(error as Error).message})`);
  }
}

/** Fetches a data set into a folder that `openDataset` then opens. Rejects with UserError for an unknown name, no network, or a wrong checksum. */
export async function fetchDataset(name: string, folder: string, options: FetchOptions = {}): Promise<PublishedDataset> {
  const dataset = publishedNamed(name, await fetchableDatasets());
  await fetchFiles(dataset.files, folder, options);
  return dataset;
}

/** Fetches published files into a folder; those that are there already and right are left alone. Where nothing came, no folder is left. Rejects with Locked where another one fetches into it. */
export async function fetchFiles(files: readonly PublishedFile[], folder: string, options: FetchOptions = {}): Promise<void> {
  const made = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new UserError(`${folder}: cannot be made a folder (${error instanceof Error ? error.message : String(error)})`);
  });
  try {
    const lock = await takeLock(folder, LOCK_FILE, `${folder} is being fetched into`);
    try {
      for (const [i, file] of files.entries()) await fetchFile(file, folder, { number: i + 1, files: files.length }, options);
    } finally {
      await lock.release();
    }
  } catch (error) {
    // Fails, as it should, where something has arrived.
    if (made !== undefined) await rmdir(folder).catch(() => undefined);
    throw error;
  }
}

async function fetchFile(
  { url, md5, unpacksTo }: PublishedFile,
  folder: string,
  place: Pick<FetchProgress, 'number' | 'files'>,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  if (unpacksTo !== undefined && (await isFolder(join(folder, unpacksTo)))) return;
  const path = join(folder, url.slice(url.lastIndexOf('/') + 1));
  const telling = (stage: FetchProgress['stage']) => (progress: DownloadProgress) => onProgress?.({ ...progress, ...place, stage });
  if ((await sizeOf(path)) === null) await download({ url, md5, path, signal, onProgress: telling('download'), onCheck: telling('check') });
  else await checkSum({ path, md5, signal, onCheck: telling('check') });
  if (unpacksTo === undefined) return;
  await unpackTarGz(path, folder, unpacksTo, { signal, onProgress: telling('unpack') });
  await rm(path);
}
