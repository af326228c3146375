// The data set of a verb: parsed from its text, its layout fixed for the network, and what was decided said.
import type { DatasetReference } from '@shared/dataset/dataset';
import { parseDatasetReference } from '@shared/dataset/reference';
import type { Task } from '@shared/model/spec';
import { settleDataset } from '../service/datasets/settle';
import { remark } from './verb';

/** Reads `--data`. Rejects with UserError where there is no such data set. */
export async function dataFor(text: string, task: Task): Promise<DatasetReference> {
  const { reference, note, otherwise } = await settleDataset(parseDatasetReference(text), task);
  if (note !== null && reference.kind === 'folder') remark(`${note}; ${otherwise}:${reference.path} reads it otherwise`);
  return reference;
}
