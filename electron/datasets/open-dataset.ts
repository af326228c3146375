// Opens any data set: an embedded one, or a folder whose layout is given or recognised by what is in it.
import { basename, dirname, join } from 'node:path';
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { EMBEDDED_NAMES } from '@shared/dataset/reference-schema';
import { LAYOUTS, type Layout } from '@shared/dataset/reference';
import { assertNever } from '@shared/base/assert-never';
import { suggestionText } from '@shared/base/nearest-name';
import { UserError } from '@shared/base/user-error';
import { CIFAR10, CIFAR100, type CifarVariant, openCifarBinary } from './layouts/cifar';
import { openCifarPython } from './layouts/cifar-python';
import { openCityscapes } from './layouts/cityscapes';
import { readDigits } from './digits-file';
import { openFolders } from './layouts/folders';
import { openIdentities } from './layouts/identities';
import { openIdx } from './layouts/idx';
import { idxLayout } from './idx-sets';
import { holdsLfw } from './lfw';
import { packedSentence, unpackCommand } from './packed';
import { absolutePath, isFolder, picturesIn, sizeOf, subfolders } from './sources';
import { openTinyImagenet, tinyImagenetFolder } from './tiny-imagenet';

/** Opens a data set. Rejects with UserError saying what is missing or broken, and where. */
export async function openDataset(reference: DatasetReference): Promise<DatasetSplits> {
  if (reference.kind === 'embedded') return openEmbedded(reference, readDigits);
  const path = await expectFolder(reference.path);
  return openLayout(path, reference.layout === undefined ? await recogniseLayout(path) : layoutOf(reference.layout));
}

/** The folder from the root. Rejects with UserError, with the nearest name where it looks like one, if there is none. */
export async function expectFolder(path: string): Promise<string> {
  const folder = absolutePath(path);
  if (await isFolder(folder)) return folder;
  if ((await sizeOf(folder)) !== null) throw new UserError(isFile(path, folder));
  const [head] = path.split(':');
  const known = [...EMBEDDED_NAMES, ...LAYOUTS.map((layout) => `${layout}:FOLDER`)];
  const hint = /^[\w-]{2,}$/.test(head) ? suggestionText(path.replace(/:.+/, ':FOLDER'), known) : `or ${known.join(', ')}`;
  throw new UserError(`${path}: there is no such folder; ${hint}`);
}

function isFile(path: string, file: string): string {
  const command = unpackCommand(file);
  if (command === null) return `${path}: is a file; a data set is a folder, for example ${dirname(file)}`;
  return `${path}: is packed: unpack it first, for example with ${command}, then choose the folder it unpacks to`;
}

/** The layout of that name. Throws UserError listing those there are. */
export function layoutOf(text: string): Layout {
  const layout = LAYOUTS.find((known) => known === text);
  if (!layout) throw new UserError(`'${text}' is no layout of a data set; there are ${LAYOUTS.join(', ')}`);
  return layout;
}

function openLayout(path: string, layout: Layout): Promise<DatasetSplits> {
  switch (layout) {
    case 'cifar10':
      return openCifar(path, CIFAR10);
    case 'cifar100':
      return openCifar(path, CIFAR100);
    case 'idx':
    case 'emnist-byclass':
    case 'emnist-bymerge':
    case 'emnist-balanced':
    case 'emnist-letters':
    case 'emnist-digits':
    case 'emnist-mnist':
      return openIdx(path, layout);
    case 'tiny-imagenet':
      return openTinyImagenet(path);
    case 'folders':
      return openFolders(path);
    case 'identities':
      return openIdentities(path);
    case 'cityscapes':
      return openCityscapes(path);
    default:
      return assertNever(layout);
  }
}

/** Folders the official archives unpack to. */
const ARCHIVE_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  [CIFAR10.name]: ['', 'cifar-10-batches-bin', 'cifar-10-batches-py'],
  [CIFAR100.name]: ['', 'cifar-100-binary', 'cifar-100-python'],
};

/** Opens either version, in the folder itself or where the official archive unpacks to. */
async function openCifar(path: string, variant: CifarVariant): Promise<DatasetSplits> {
  const found = await cifarIn(path, variant);
  if (!found)
    throw new UserError(
      (await packedSentence(path)) ?? `${path}: holds neither ${variant.test} nor ${variant.test.replace('.bin', '')} of ${variant.name}`,
    );
  return found.binary ? openCifarBinary(found.folder, variant) : openCifarPython(found.folder, variant);
}

async function cifarIn(path: string, variant: CifarVariant): Promise<{ folder: string; binary: boolean } | null> {
  for (const name of ARCHIVE_FOLDERS[variant.name]) {
    const folder = join(path, name);
    if ((await sizeOf(join(folder, variant.test))) !== null) return { folder, binary: true };
    if ((await sizeOf(join(folder, variant.test.replace('.bin', '')))) !== null) return { folder, binary: false };
  }
  return null;
}

/** What layout a folder has. Rejects with UserError listing the layouts where none fits. */
export async function recogniseLayout(path: string): Promise<Layout> {
  await expectFolder(path);
  if (await cifarIn(path, CIFAR10)) return 'cifar10';
  if (await cifarIn(path, CIFAR100)) return 'cifar100';
  const idx = await idxLayout(path);
  if (idx !== null) return idx;
  if (await isFolder(join(path, 'leftImg8bit'))) return 'cityscapes';
  if (await tinyImagenetFolder(path)) return 'tiny-imagenet';
  if ((await holdsLfw(path)) || (await isFolder(join(path, 'probes')))) return 'identities';
  if ((await subfolders(path)).length > 0) return 'folders';
  throw new UserError((await packedSentence(path)) ?? (await noDataset(path)));
}

async function noDataset(path: string): Promise<string> {
  const [picture] = await picturesIn(path);
  const found = picture === undefined ? '' : `; the pictures that lie in it side by side (${basename(picture)}) have no classes`;
  return `${path}: is no data set this program knows: expected the files of ${LAYOUTS.join(', ')}, for example one folder of pictures for each class${found}`;
}
