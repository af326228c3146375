// A network's file and an adapter's, read as one: the network's tensors, then the adapter's. Invariant: no name is in both.
import { UserError } from '../base/user-error';
import type { Tensor } from '../tensor/tensor';
import type { CheckpointFile, ReadProgress } from './checkpoint-file';

/** Both files as one of the network's name; closing it closes the adapter's alone. Throws UserError where both hold a name. */
export function joinedFile(network: CheckpointFile, adapter: CheckpointFile): CheckpointFile {
  const added = new Set(adapter.tensors.map(({ name }) => name));
  const both = network.tensors.find(({ name }) => added.has(name));
  if (both !== undefined)
    throw new UserError(
      `${adapter.fileName} and ${network.fileName} both hold ${both.name}: an adapter's own file holds none of the network's`,
    );
  return {
    ...network,
    bytes: network.bytes + adapter.bytes,
    tensors: [...network.tensors, ...adapter.tensors],
    read: (name) => (added.has(name) ? adapter : network).read(name),
    readAll: (onProgress) => readBoth(network, adapter, onProgress),
    close: () => adapter.close(),
  };
}

async function readBoth(network: CheckpointFile, adapter: CheckpointFile, onProgress?: ReadProgress): Promise<Map<string, Tensor>> {
  const first = await network.readAll(onProgress);
  return new Map([...first, ...(await adapter.readAll())]);
}
