// Data sets in folders: the service reads them where the files are, this engine asks for samples.
import type { DatasetReference, DatasetSplits } from '@shared/dataset/dataset';
import { openRemote, type AskDataset } from '@shared/dataset/remote';
import { UserError } from '@shared/base/user-error';

/** Opens a folder through the host that served this window. Rejects with UserError saying what is wrong with the data. */
export function openFolder(reference: DatasetReference): Promise<DatasetSplits> {
  return openRemote(reference, askDataset);
}

/** Puts a question to the service. Rejects with UserError in its words. */
export const askDataset: AskDataset = async (question) => {
  const response = await fetch('/dataset', { method: 'POST', body: JSON.stringify(question) });
  if (response.status === 400) throw new UserError(await response.text());
  if (!response.ok) throw new Error(`/dataset answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
