// From a pickled checkpoint to its directory: the state dict's tensors, each checked against the file
// before anything is read.
import { type CheckpointDirectory, singleSet, type StoredTensor } from '../checkpoint-file';
import type { PickleValue } from '../pickle/values';
import { byteLengthOf } from '../tensor-bytes';
import { describeCheckpoint } from './metadata';
import { findStateDict } from './state-dict';
import type { StorageValue, TensorValue } from './tensor-value';
import { bytesTouched, checkWindow, type ReadStorage, readWindow } from './window';

/** A storage found in the file. */
export interface PlacedStorage {
  readonly read: ReadStorage;
  /** Whether reading any part of it costs all of it (compressed storages). */
  readonly wholeOnly: boolean;
}

/** How a container finds a storage: checks that it is there, with the stated length. */
export type LocateStorage = (storage: StorageValue, tensorName: string) => PlacedStorage;

/** The directory of a checkpoint whose pickle holds `root`. Throws UserError if a tensor does not fit the file. */
export function torchDirectory(root: PickleValue, locate: LocateStorage, contentBytes: number): CheckpointDirectory {
  const { at, prefix, tensors } = findStateDict(root);
  return {
    format: 'pth',
    tensors: Array.from(tensors, ([name, tensor]) => storedTensor(name, tensor, locate)),
    contentBytes,
    metadata: describeCheckpoint(root),
    stateDictAt: at,
    strippedPrefix: prefix,
    ...singleSet(tensors.size),
  };
}

function storedTensor(name: string, tensor: TensorValue, locate: LocateStorage): StoredTensor {
  const dtype = checkWindow(name, tensor);
  const { read, wholeOnly } = locate(tensor.storage, name);
  const touched = wholeOnly ? tensor.storage.byteLength : bytesTouched(tensor);
  const cost = Math.max(touched, byteLengthOf(dtype, tensor.shape));
  return { name, dtype, shape: tensor.shape, cost, load: () => readWindow(tensor, dtype, read) };
}
