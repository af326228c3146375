// Fetches published data sets from their official addresses: each file is resumed where an earlier attempt
// broke off, checked against its published MD5, and only then given its name; archives are unpacked.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@shared/user-error';
import { type DownloadProgress, download } from './download';
import { isFolder, sizeOf } from './sources';
import { unpackTarGz } from './unpack';

/** A file of a published data set. */
export interface PublishedFile {
  readonly url: string;
  /** Published checksum, hexadecimal. */
  readonly md5: string;
  /** For an archive: the folder it unpacks to. */
  readonly unpacksTo?: string;
}

const KRIZ = 'https://www.cs.toronto.edu/~kriz';
const MNIST = 'https://ossci-datasets.s3.amazonaws.com/mnist';
const FASHION = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';

const PUBLISHED: Readonly<Record<string, readonly PublishedFile[]>> = {
  cifar10: [{ url: `${KRIZ}/cifar-10-binary.tar.gz`, md5: 'c32a1d4ab5d03f1284b67883e8d87530', unpacksTo: 'cifar-10-batches-bin' }],
  cifar100: [{ url: `${KRIZ}/cifar-100-binary.tar.gz`, md5: '03b5dce01913d631647c71ecec9e9cb8', unpacksTo: 'cifar-100-binary' }],
  mnist: [
    { url: `${MNIST}/train-images-idx3-ubyte.gz`, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
    { url: `${MNIST}/train-labels-idx1-ubyte.gz`, md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
    { url: `${MNIST}/t10k-images-idx3-ubyte.gz`, md5: '9fb629c4189551a2d022fa330f9573f3' },
    { url: `${MNIST}/t10k-labels-idx1-ubyte.gz`, md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
  ],
  'fashion-mnist': [
    { url: `${FASHION}/train-images-idx3-ubyte.gz`, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
    { url: `${FASHION}/train-labels-idx1-ubyte.gz`, md5: '25c81989df183df01b3e8a0aad5dffbe' },
    { url: `${FASHION}/t10k-images-idx3-ubyte.gz`, md5: 'bef4ecab320f06d8554ea6380940ec79' },
    { url: `${FASHION}/t10k-labels-idx1-ubyte.gz`, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
  ],
};

/** Names of the data sets that can be fetched; the others ask for an account or a signature. */
export const fetchableDatasets: readonly string[] = Object.keys(PUBLISHED);

export interface FetchOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the fetch; what has arrived is kept and resumed next time. */
  readonly signal?: AbortSignal;
}

/** Fetches a data set into a folder that `openDataset` then opens. Rejects with UserError for an unknown name, no network, or a wrong checksum. */
export async function fetchDataset(name: string, folder: string, options: FetchOptions = {}): Promise<void> {
  if (!Object.hasOwn(PUBLISHED, name))
    throw new UserError(
      `'${name}' cannot be fetched; these can: ${fetchableDatasets.join(', ')}. Others are fetched by hand and opened as a folder`,
    );
  await fetchFiles(PUBLISHED[name], folder, options);
}

/** Fetches published files into a folder; those that are there already are left alone. */
export async function fetchFiles(files: readonly PublishedFile[], folder: string, options: FetchOptions = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) await fetchFile(file, folder, options);
}

async function fetchFile({ url, md5, unpacksTo }: PublishedFile, folder: string, options: FetchOptions): Promise<void> {
  const path = join(folder, url.slice(url.lastIndexOf('/') + 1));
  if (unpacksTo === undefined) {
    if ((await sizeOf(path)) === null) await download({ url, md5, path, ...options });
    return;
  }
  if (await isFolder(join(folder, unpacksTo))) return;
  if ((await sizeOf(path)) === null) await download({ url, md5, path, ...options });
  await unpackTarGz(path, folder, unpacksTo);
  await rm(path);
}
