// Checkpoints: opened, looked at, saved in another format.
import { implement } from '@orpc/server';
import { basename, resolve } from 'node:path';
import type { FloatType } from '@shared/checkpoint/entries';
import { watchStorage } from '@shared/checkpoint/storage-warnings';
import { studioContract, type NamedText, type OpenedCheckpoint, type TensorStatistics, type WeightsReference } from '@shared/link/studio';
import { formatOfName } from '@shared/checkpoint/write';
import { parseInputSize } from '@shared/model/input-size';
import type { TensorInfo } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { checkCheckpointTarget, writeCheckpointFile } from '../../files';
import { isRunFolder } from '../../runs/read';
import { asJob, counting, titleOf } from '../jobs/asked-jobs';
import type { Studio } from '../studio';
import { bundledName } from './weights-file';
import { onnxAnswer } from '@shared/merge/onnx-answer';
import { weightsDiff } from '../diff/weights-diff';
import { exportedOnnx } from '../export/exported-onnx';
import { tensorMatrix } from './tensor-matrix';
import { valueStatistics } from '@shared/tensor/statistics';

/** Implements `checkpoint` of the contract. */
export function checkpointProcedures(studio: Studio) {
  const { weights, bulk, recent } = studio;
  const checkpoint = implement(studioContract.checkpoint);
  return {
    open: checkpoint.open.handler(async ({ input: { path } }) => {
      if (bundledName(path) !== null) return weights.open(path);
      const handedOver = bulk.fileOf(path);
      if (handedOver !== null) return openHandedOver(studio, path, handedOver);
      const opened = await weights.open(path);
      if (!(await isRunFolder(path))) await recent.add(resolve(path));
      return opened;
    }),
    opened: checkpoint.opened.handler(() => weights.opened()),
    settle: checkpoint.settle.handler(({ input: { id, ...choices } }) => weights.settle(id, choices)),
    resize: checkpoint.resize.handler(({ input: { id, inputSize } }) =>
      weights.resize(id, inputSize.trim() === '' ? null : parseInputSize('the input size', inputSize)),
    ),
    openSet: checkpoint.openSet.handler(({ input }) => weights.openSet(input.id, input.set)),
    family: checkpoint.family.handler(({ input: { id, ...said } }) => weights.sayFamily(id, said)),
    adapt: checkpoint.adapt.handler(({ input }) => adapted(studio, input)),
    recent: checkpoint.recent.handler(() => recent.list()),
    forget: checkpoint.forget.handler(({ input }) => recent.forget(input.path)),
    statistics: checkpoint.statistics.handler(({ input, signal }) => {
      const start = (own: AbortSignal): AsyncIterable<TensorStatistics> => statistics(studio, input.weights, own);
      return asJob(studio, 'statistics', titleOf(studio, input.weights), start, counting(null), signal);
    }),
    save: checkpoint.save.handler(async ({ input }) => {
      const path = resolve(input.path);
      await checkCheckpointTarget(path, { force: input.overwrite });
      return { path, warnings: await writeWeights(studio, input, path) };
    }),
    export: checkpoint.export.handler(async ({ input }) => {
      const fileName = basename(input.fileName);
      let warnings: string[] = [];
      const url = await bulk.addFile(fileName, async (path) => void (warnings = await writeWeights(studio, input, path)));
      return { url, fileName, warnings };
    }),
    tensors: checkpoint.tensors.handler(({ input }) => tensorsOf(studio, input.weights)),
    matrix: checkpoint.matrix.handler(({ input }) => tensorMatrix(studio, input.weights, input)),
    diff: checkpoint.diff.handler(({ input, signal }) => weightsDiff(studio, input, signal)),
    onnx: checkpoint.onnx.handler(async ({ input }) => {
      const { file } = await weights.fileOf({ kind: 'file', id: input.id });
      return file.model === undefined ? null : onnxAnswer(file.model);
    }),
    exportOnnx: checkpoint.exportOnnx.handler(({ input }) => exportedOnnx(studio, input)),
    close: checkpoint.close.handler(({ input }) => weights.close(input.id)),
  };
}

interface Adapting {
  readonly id: string;
  readonly adapter: string | null;
  readonly config: NamedText | null;
}

/** An opened file with the adapter at a path, or one that a window handed over: kept as a copy. */
async function adapted({ weights, bulk, recent }: Studio, { id, adapter, config }: Adapting): Promise<OpenedCheckpoint> {
  const handedOver = adapter === null ? null : bulk.fileOf(adapter);
  if (adapter === null || handedOver === null) return weights.adapt(id, adapter, config);
  const path = await recent.keep(handedOver);
  bulk.release(adapter);
  return weights.adapt(id, path, config);
}

/** A file that a window handed over: kept as a copy among the recent ones if it is a checkpoint. */
async function openHandedOver({ weights, bulk, recent }: Studio, url: string, handedOver: string): Promise<OpenedCheckpoint> {
  const path = await recent.keep(handedOver);
  bulk.release(url);
  try {
    const opened = await weights.open(path);
    await recent.add(path);
    return opened;
  } catch (error) {
    await recent.forget(path);
    throw error;
  }
}

async function tensorsOf({ weights }: Studio, reference: WeightsReference): Promise<TensorInfo[]> {
  const { file, done } = await weights.fileOf(reference);
  return done().then(() => file.tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })));
}

interface Saving {
  readonly weights: WeightsReference;
  readonly dtype?: FloatType;
  readonly overwrite?: boolean;
}

/** Writes weights under a path; returns what the stored type or the format could not hold. */
function writeWeights({ weights }: Studio, { weights: reference, dtype, overwrite }: Saving, path: string): Promise<string[]> {
  return weights.writing(reference, async ({ entries, metadata, lost }) => {
    const watched = watchStorage(entries, dtype);
    await writeCheckpointFile(path, watched.entries, { force: overwrite ?? false, dtype, metadata });
    return [...watched.warnings(), ...lost(formatOfName(basename(path)))];
  });
}

/** One tensor after the other, so that a large file shows its first numbers at once. */
async function* statistics({ weights }: Studio, reference: WeightsReference, signal?: AbortSignal): AsyncGenerator<TensorStatistics, void> {
  const { file, done } = await weights.fileOf(reference);
  try {
    for (const { name } of file.tensors) {
      if (signal?.aborted) return;
      yield { name, ...valueStatistics(await file.read(name)) };
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${file.fileName} cannot be read: ${String(error)}`);
  } finally {
    await done();
  }
}
