// Data sets as a window's threads see them: embedded ones are drawn here, those in folders are read where
// the files are.
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { fetchDigits } from './digits';
import { openFolder } from './folder-data';

export function openDataset(reference: DatasetReference): Promise<DatasetSplits> {
  if (reference.kind === 'embedded') return Promise.resolve(openEmbedded(reference, fetchDigits));
  return openFolder(reference);
}
