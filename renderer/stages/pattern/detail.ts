// A closer look at the block in focus: one group (RepMLPNet: share-set) of it, or all groups together; and the
// picture its position maps are laid on.
import { createStore } from '../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import type { DatasetReference } from '@shared/dataset/dataset';
import type { PictureChoice, ShownPicture } from '@shared/dataset/shown-picture';
import type { PictureSource } from '@shared/figure/recipe';
import { Analyst } from '../../workers/analysis/analysis';
import type { BlockDetail, PairKernels } from '../../workers/analysis/protocol';
import { blockRequest, matricesKey } from './pattern';
import { fetchBytes } from '../../workers/fetch-bytes';
import { studio } from '../../studio/studio';

export interface ShownDetail {
  /** Weights, block and group of `detail`; null before the first look. */
  readonly key: string | null;
  /** The group chosen; null for all. */
  readonly group: number | null;
  readonly busy: boolean;
  readonly detail: BlockDetail | null;
  readonly image: ShownPicture | null;
  /** What `image` was asked for with; null before the first. */
  readonly imageOf: PictureSource | null;
  /** What there is to choose from in the folder `image` is of; null for drawn data sets, which are known. */
  readonly folder: { readonly classes: readonly string[]; readonly count: number } | null;
}

export const shownDetail = createStore<ShownDetail>(() => ({
  key: null,
  group: null,
  busy: false,
  detail: null,
  image: null,
  imageOf: null,
  folder: null,
}));

const [analyst, imageAnalyst] = [new Analyst(), new Analyst()];

/** Looks at a group of a block, null for all; a newer look replaces an older one. */
export async function loadDetail(reference: WeightsReference, block: string, group: number | null): Promise<void> {
  const key = `${matricesKey(reference, block)} ${group}`;
  if (shownDetail.getState().key === key) return;
  shownDetail.setState({ key, group, busy: true, detail: null });
  try {
    const detail = await detailOf(key, reference, block, group);
    if (shownDetail.getState().key === key) shownDetail.setState({ detail });
  } catch (error) {
    if (shownDetail.getState().key === key) shownDetail.setState({ key: null });
    throw error;
  } finally {
    if (shownDetail.getState().key === key || shownDetail.getState().key === null) shownDetail.setState({ busy: false });
  }
}

/** Ends the look under way. */
export function stopDetail(): void {
  analyst.end();
  shownDetail.setState({ key: 'stopped', busy: false });
}

/** Null where another look was asked for meanwhile. */
async function detailOf(key: string, reference: WeightsReference, block: string, group: number | null): Promise<BlockDetail | null> {
  const request = await blockRequest(reference, block);
  return shownDetail.getState().key === key ? analyst.calls.detail({ ...request, group }) : null;
}

/** Draws or reads the picture under the position maps. */
export async function chooseImage(source: PictureSource): Promise<void> {
  shownDetail.setState(await foundPicture(source));
}

type Found = Pick<ShownDetail, 'image' | 'imageOf' | 'folder'>;

async function foundPicture(source: PictureSource): Promise<Found> {
  if ('file' in source) return filePicture(source.file);
  const { dataset, of } = source;
  if (dataset.kind !== 'embedded') return folderPicture(dataset, of);
  return { image: await imageAnalyst.calls.image({ dataset, of }), imageOf: source, folder: null };
}

async function folderPicture(dataset: DatasetReference, of: PictureChoice): Promise<Found> {
  const { url, classes, count, ...picture } = await studio().dataset.picture({ dataset, of });
  return { image: await fetchedPicture(url, picture), imageOf: { dataset, of }, folder: { classes, count } };
}

async function filePicture(file: string): Promise<Found> {
  const { url, path, ...picture } = await studio().dataset.pictureFile({ path: file });
  return { image: await fetchedPicture(url, picture), imageOf: { file: path }, folder: null };
}

async function fetchedPicture(url: string, picture: Omit<ShownPicture, 'pixels'>): Promise<ShownPicture> {
  return { ...picture, pixels: new Uint8ClampedArray(await fetchBytes(url)) };
}

/** The translation-invariant kernels of one channel pair of a block. */
export interface PairKernel {
  /** Weights, block and channels of `kernels`; null before the first. */
  readonly key: string | null;
  readonly outputChannel: number;
  readonly inputChannel: number;
  readonly kernels: PairKernels | null;
}

export const pairKernel = createStore<PairKernel>(() => ({ key: null, outputChannel: 0, inputChannel: 0, kernels: null }));

const kernelAnalyst = new Analyst();

/** What the kernels of a pair are called. */
export function pairKey(reference: WeightsReference, block: string, outputChannel: number, inputChannel: number): string {
  return `${matricesKey(reference, block)} ${outputChannel} ${inputChannel}`;
}

/** Computes the kernels of a channel pair; a newer choice replaces an older one. */
export async function choosePair(reference: WeightsReference, block: string, outputChannel: number, inputChannel: number): Promise<void> {
  const key = pairKey(reference, block, outputChannel, inputChannel);
  if (pairKernel.getState().key === key) return;
  pairKernel.setState({ key, outputChannel, inputChannel });
  const request = await blockRequest(reference, block);
  if (pairKernel.getState().key !== key) return;
  const kernels = await kernelAnalyst.calls.kernel({ ...request, outputChannel, inputChannel });
  if (pairKernel.getState().key === key) pairKernel.setState({ kernels });
}
