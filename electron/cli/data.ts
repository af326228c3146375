// The data set of a verb: parsed from its text, its layout fixed for the network, and what was decided said.
import type { DatasetReference } from '@shared/dataset/dataset';
import { parseDatasetReference } from '@shared/dataset/reference';
import type { Task } from '@shared/model/spec';
import { datasetForEvaluation, type CheckedDataset } from '../app/dataset/datasets';
import { datasetsHere } from '../app/dataset/datasets-here';
import { remark } from './verb';

/** The data set a network is evaluated on; what there is to be said of its files is said. Rejects as `dataFor`, and where it cannot be opened. */
export async function evaluationDataFor(text: string, task: Task): Promise<DatasetReference> {
  return remarked(await datasetForEvaluation(datasetsHere, parseDatasetReference(text), task));
}

/** Reads `--data`; a folder is named from the root, so that a run can go on from anywhere. Rejects with UserError where there is no such data set. */
export async function dataFor(text: string, task: Task): Promise<DatasetReference> {
  return remarked({ ...(await datasetsHere.settle(parseDatasetReference(text), task)), remarks: [] });
}

/** Says what a data set is read as where that was a choice, and what there is to be said of its files. */
export function remarkData({ reference, note, otherwise, remarks }: CheckedDataset): void {
  if (note !== null && reference.kind === 'folder') remark(`${note}; ${otherwise}:${reference.path} reads it otherwise`);
  remarks.forEach(remark);
}

function remarked(dataset: CheckedDataset): DatasetReference {
  remarkData(dataset);
  return dataset.reference;
}
