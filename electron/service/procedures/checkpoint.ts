// Checkpoints: opened, looked at, saved in another format.
import { implement } from '@orpc/server';
import { basename, resolve } from 'node:path';
import { studioContract, type TensorStatistics, type WeightsReference } from '@shared/contract/studio';
import { UserError } from '@shared/user-error';
import { bundledCheckpoint } from '../assets';
import { checkCheckpointTarget, writeCheckpointFile } from '../files';
import type { Studio } from '../studio';
import { statisticsOf } from '../tensor-statistics';
import { specMetadata } from '../checkpoint-network';

/** Implements `checkpoint` of the contract. */
export function checkpointProcedures(studio: Studio) {
  const { weights, bulk, recent } = studio;
  const checkpoint = implement(studioContract.checkpoint);
  return {
    open: checkpoint.open.handler(async ({ input: { path } }) => {
      const bundled = /^bundled:(.+)$/.exec(path)?.[1];
      if (bundled !== undefined) return weights.open(bundledCheckpoint(bundled));
      const opened = await weights.open(bulk.fileOf(path) ?? path);
      if (bulk.fileOf(path) === null) await recent.add(resolve(path));
      return opened;
    }),
    recent: checkpoint.recent.handler(() => recent.list()),
    statistics: checkpoint.statistics.handler(({ input, signal }) => statistics(studio, input.weights, signal)),
    save: checkpoint.save.handler(async ({ input }) => {
      const path = resolve(input.path);
      await checkCheckpointTarget(path, { force: input.overwrite });
      const network = await weights.load(input.weights);
      const metadata = specMetadata(network.spec);
      await writeCheckpointFile(path, network.weights, { force: input.overwrite, metadata });
      return { path };
    }),
    export: checkpoint.export.handler(async ({ input }) => {
      const fileName = basename(input.fileName);
      const network = await weights.load(input.weights);
      const write = (path: string) => writeCheckpointFile(path, network.weights, { metadata: specMetadata(network.spec) });
      return { url: await bulk.addFile(fileName, write), fileName };
    }),
    close: checkpoint.close.handler(({ input }) => weights.close(input.id)),
  };
}

/** One tensor after the other, so that a large file shows its first numbers at once. */
async function* statistics({ weights }: Studio, reference: WeightsReference, signal?: AbortSignal): AsyncGenerator<TensorStatistics, void> {
  const { file, done } = await weights.fileOf(reference);
  try {
    for (const { name } of file.tensors) {
      if (signal?.aborted) return;
      yield statisticsOf(name, await file.read(name));
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${file.fileName} cannot be read: ${String(error)}`);
  } finally {
    await done();
  }
}
