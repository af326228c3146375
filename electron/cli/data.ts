// The data set of a verb: parsed from its text, its layout fixed for the network, and what was decided said.
import type { DatasetReference } from '@shared/dataset/dataset';
import { parseDatasetReference } from '@shared/dataset/reference';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { checkTrainable } from '@shared/training/recipe/fit';
import { openDataset } from '../datasets/open-dataset';
import { settleDataset } from '../datasets/settle';
import { remark } from './verb';

/** The data set a network is evaluated on; what there is to be said of its files is said. Rejects as `dataFor`, and where it cannot be opened. */
export async function evaluationDataFor(text: string, task: Task): Promise<DatasetReference> {
  const reference = await dataFor(text, task);
  const { remarks = [], close } = await openDataset(reference);
  await close?.();
  remarks.forEach(remark);
  return reference;
}

/** Reads `--data`; a folder is named from the root, so that a run can go on from anywhere. Rejects with UserError where there is no such data set. */
export async function dataFor(text: string, task: Task): Promise<DatasetReference> {
  const { reference, note, otherwise } = await settleDataset(parseDatasetReference(text), task);
  if (note !== null && reference.kind === 'folder') remark(`${note}; ${otherwise}:${reference.path} reads it otherwise`);
  return reference;
}

/** As `dataFor`, for a network to be trained on it. Rejects with UserError where they do not fit, before anything is written. */
export async function trainingDataFor(text: string, spec: NetworkSpec): Promise<DatasetReference> {
  const reference = await dataFor(text, spec.task);
  const { train, remarks = [], close } = await openDataset(reference);
  await close?.();
  remarks.forEach(remark);
  checkTrainable(spec, train);
  return reference;
}
