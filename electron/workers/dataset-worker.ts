// Entry of the thread that opens data sets for the service: it reads files, decodes pictures and makes
// batches, so that the thread that answers windows never does.
import { workerData, type MessagePort } from 'node:worker_threads';
import { oc, type } from '@orpc/contract';
import { implement } from '@orpc/server';
import type { DatasetReference, SettledDataset } from '@shared/dataset/dataset';
import type { DatasetQuestion } from '@shared/dataset/remote';
import type { ShownPicture } from '@shared/dataset/shown-picture';
import { servePort } from '@shared/link/port';
import type { Task } from '@shared/model/spec';
import { type AskedBatch, type MadeBatch, makeBatch } from '../datasets/fed-batch';
import { OpenDatasets } from '../datasets/open-datasets';
import { shownFile } from '../datasets/picture';
import { settleDataset } from '../datasets/settle';
import { nodePort } from './node-port';

/** What the thread is asked. */
const readerContract = {
  answer: oc.input(type<DatasetQuestion>()).output(type<Uint8Array>()),
  batch: oc.input(type<AskedBatch>()).output(type<MadeBatch>()),
  settle: oc.input(type<{ readonly reference: DatasetReference; readonly task: Task | null }>()).output(type<SettledDataset>()),
  picture: oc.input(type<{ readonly file: string }>()).output(type<ShownPicture>()),
  /** Gives back what is held open; the thread can then be ended. */
  close: oc.output(type<void>()),
};
export type ReaderContract = typeof readerContract;

export interface DatasetWorkerData {
  readonly port: MessagePort;
}

const datasets = new OpenDatasets();
const calls = implement(readerContract);
const router = calls.router({
  answer: calls.answer.handler(({ input }) => datasets.answer(input)),
  batch: calls.batch.handler(({ input }) => datasets.use(input.config.dataset, (splits) => makeBatch(splits, input))),
  settle: calls.settle.handler(({ input }) => settleDataset(input.reference, input.task)),
  picture: calls.picture.handler(({ input }) => shownFile(input.file)),
  close: calls.close.handler(() => datasets.close()),
});
servePort(router, nodePort((workerData as DatasetWorkerData).port));
