// From a pickled checkpoint to what is found in it: its sets of weights and the facts beside them.
import type { FoundDirectory } from '../checkpoint-file';
import type { PickleValue } from '../pickle/values';
import { refuse } from '../refuse';
import { describeCheckpoint } from './metadata';
import { contentOfSet } from './state-dict';
import { findWeightSets } from './weight-sets';
import type { LocateStorage } from './window';

/** What a checkpoint holds whose pickle holds `root`. Throws UserError if there are no weights. */
export function torchDirectory(root: PickleValue, locate: LocateStorage, contentBytes: number): FoundDirectory {
  const sets = findWeightSets(root);
  if (sets.length === 0) refuse('holds no state dict: no named tensors at its root, under model, state_dict or any other key');
  return {
    format: 'pth',
    contentBytes,
    metadata: describeCheckpoint(root),
    sets: sets.map((set) => ({ name: set.at, tensorNames: set.tensorNames, content: () => contentOfSet(set, locate) })),
  };
}
