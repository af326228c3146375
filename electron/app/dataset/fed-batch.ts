// A batch of a training as the network is fed: the data sets' thread makes it, the window fetches it by URL.
import type { FedBatch } from '@shared/link/studio';
import { parseNetworkSpec } from '@shared/model/schema';
import type { AskedBatch } from '../../datasets/fed-batch';
import type { Studio } from '../studio';

/** The batch of a step. Rejects with UserError where network and data do not fit, or the epoch has no such step. */
export async function fedBatch({ bulk, datasets }: Studio, { config, ...place }: AskedBatch): Promise<FedBatch> {
  const spec = parseNetworkSpec(config.spec);
  const { reference } = await datasets.settle(config.dataset, spec.task);
  const { images, ...batch } = await datasets.batch({ config: { ...config, spec, dataset: reference }, ...place });
  const bytes = new Uint8Array(images.buffer as ArrayBuffer, images.byteOffset, images.byteLength);
  return { ...batch, url: bulk.add({ kind: 'bytes', bytes }) };
}
