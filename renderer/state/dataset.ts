// The data set chosen for training, and whether it fits the model's task.
import { createStore } from 'zustand/vanilla';
import type { DatasetReference, EmbeddedName } from '@shared/dataset/dataset';
import type { Task } from '@shared/model/spec';
import { seed } from '@shared/tensor/random';

export interface DatasetChoice {
  readonly reference: DatasetReference;
}

export const dataset = createStore<DatasetChoice>()(() => ({ reference: { kind: 'embedded', name: 'shapes', seed: seed(1) } }));

/** What each embedded data set is for, said on screen. */
export const EMBEDDED: Readonly<Record<EmbeddedName, { readonly title: string; readonly task: Task; readonly says: string }>> = {
  shapes: {
    title: 'Shapes',
    task: 'classification',
    says: 'Ten classes, 32x32 colour. Local texture and absolute position both carry information.',
  },
  faces: { title: 'Faces, aligned', task: 'face', says: 'Drawn identities; eyes, nose and mouth at fixed places.' },
  'faces-unaligned': { title: 'Faces, alignment destroyed', task: 'face', says: 'The same identities, moved about at random.' },
  streets: { title: 'Street scenes', task: 'segmentation', says: 'A class for every pixel: sky above, road below.' },
};

export function chooseEmbedded(name: EmbeddedName, start: number): void {
  dataset.setState({ reference: { kind: 'embedded', name, seed: seed(start) } });
}

/** How many samples of an embedded data set are drawn for training. */
export function changeTrainCount(trainCount: number): void {
  const { reference } = dataset.getState();
  if (reference.kind === 'embedded') dataset.setState({ reference: { ...reference, trainCount } });
}

export function chooseFolder(path: string): void {
  dataset.setState({ reference: { kind: 'folder', path } });
}
