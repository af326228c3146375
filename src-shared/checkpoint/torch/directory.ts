// From a pickled checkpoint to its directory: the state dict's tensors, each checked against the file
// before anything is read.
import type { CheckpointDirectory, StoredTensor } from '../checkpoint-file';
import type { PickleValue } from '../pickle/values';
import { describeCheckpoint } from './metadata';
import { findStateDict } from './state-dict';
import type { StorageValue, TensorValue } from './tensor-value';
import { checkWindow, type ReadStorage, readWindow } from './window';

/** How a container finds a storage: checks that it is there, with the stated length, and returns its reader. */
export type LocateStorage = (storage: StorageValue, tensorName: string) => ReadStorage;

/** The directory of a checkpoint whose pickle holds `root`. Throws UserError if a tensor does not fit the file. */
export function torchDirectory(root: PickleValue, locate: LocateStorage): CheckpointDirectory {
  const { at, prefix, tensors } = findStateDict(root);
  return {
    format: 'pth',
    tensors: Array.from(tensors, ([name, tensor]) => storedTensor(name, tensor, locate)),
    metadata: describeCheckpoint(root),
    stateDictAt: at,
    strippedPrefix: prefix,
  };
}

function storedTensor(name: string, tensor: TensorValue, locate: LocateStorage): StoredTensor {
  const dtype = checkWindow(name, tensor);
  const read = locate(tensor.storage, name);
  return { name, dtype, shape: tensor.shape, load: () => readWindow(tensor, dtype, read) };
}
