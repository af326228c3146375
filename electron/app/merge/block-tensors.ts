// The tensors of one block by URL: what the window's walk through the merge steps is computed from.
import type { BlockTensors, WeightsReference } from '@shared/link/studio';
import { aloneSpec } from '@shared/proof/blocks-inside';
import { leafParameters } from '@shared/model/parameters';
import type { Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { partitionsOf } from '@shared/pattern/overlay';
import { blockIn } from '../checkpoint/loaded-weights';
import type { Studio } from '../studio';

/** The state-dict entries of the train-form block at `path`. Rejects with UserError if there is none or it is merged. */
export async function blockTensors({ weights, bulk }: Studio, reference: WeightsReference, path: string): Promise<BlockTensors> {
  const network = await weights.loadAny(reference);
  const layer = blockIn(network, path);
  if (layer.form === 'merged')
    throw new UserError(`block ${path} is merged already: open the training-form weights to walk through its merge`);
  const tensors = leafParameters(layer, path).map(({ name }) => {
    const tensor = network.weights.get(name);
    if (tensor === undefined) throw new UserError(`the weights hold no ${name}, which block ${path} needs`);
    const produce = (): Promise<Uint8Array<ArrayBuffer>> => Promise.resolve(bytesOf(tensor));
    // Each caller gets URLs of its own and fetches once; the bytes are not kept beside the network's.
    const url = bulk.add({ kind: 'lazy', length: tensor.data.byteLength, produce }, { once: true });
    return { name, dtype: tensor.dtype, shape: tensor.shape, url };
  });
  return { path, layer, partitions: partitionsOf(network.spec ?? aloneSpec(layer), path), tensors };
}

/** A tensor's elements as bytes, a view. */
function bytesOf({ data }: Tensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
