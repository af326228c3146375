// Where a scene's samples and layers are read from in the window: the digits from the host, the bundled network from the service.
import type { SceneSources } from '@shared/merge/convolution/resolve';
import type { TrainedBlock } from '@shared/merge/convolution/layer-scene';
import { tensorOfBytes } from '@shared/checkpoint/tensor-bytes';
import { UserError } from '@shared/base/user-error';
import { fetchBytes } from '../../workers/fetch-bytes';
import { fetchDigits } from '../../workers/engine/digits';
import { BUNDLED } from '../../studio/network/weights';
import { studio } from '../../studio/studio';

const blocks = new Map<string, Promise<TrainedBlock>>();

export const sceneSources: SceneSources = { loadDigits: fetchDigits, loadBlock };

/** A block of the bundled network, read once. Rejects where the service cannot be reached; the next call then asks again. */
function loadBlock(path: string): Promise<TrainedBlock> {
  const known = blocks.get(path) ?? readBlock(path);
  blocks.set(path, known);
  known.catch(() => blocks.delete(path));
  return known;
}

async function readBlock(path: string): Promise<TrainedBlock> {
  const block = await studio().merge.tensors({ weights: BUNDLED, block: path });
  const { layer } = block;
  if (layer.kind !== 'repmlp') throw new UserError(`block '${path}' is no RepMLP block with conv branches over channels`);
  const fetched = block.tensors.map(
    async ({ name, dtype, shape, url }) => [name, tensorOfBytes(dtype, shape, new Uint8Array(await fetchBytes(url)))] as const,
  );
  return { layer, path: block.path, weights: new Map(await Promise.all(fetched)) };
}
