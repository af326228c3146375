// Entry of the thread that opens data sets for the service: it reads files, decodes pictures and makes
// batches, so that the thread that answers windows never does.
import { workerData, type MessagePort } from 'node:worker_threads';
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { sent } from '@shared/base/sent';
import { implement } from '@orpc/server';
import { datasetReferenceSchema, settledDatasetSchema } from '@shared/dataset/reference-schema';
import { datasetQuestionSchema } from '@shared/dataset/remote';
import { shownPictureSchema } from '@shared/dataset/shown-picture';
import { servePort } from '@shared/link/port';
import { TASKS } from '@shared/model/spec';
import { askedBatchSchema, madeBatchSchema, makeBatch } from '../datasets/fed-batch';
import { OpenDatasets } from '../datasets/open-datasets';
import { shownFile } from '../datasets/picture';
import { settleDataset } from '../datasets/settle';
import { nodePort } from './node-port';

/** What the thread is asked. */
const readerContract = {
  answer: oc.input(sent(datasetQuestionSchema)).output(z.custom<Uint8Array>((value) => value instanceof Uint8Array)),
  batch: oc.input(sent(askedBatchSchema)).output(sent(madeBatchSchema)),
  settle: oc.input(z.object({ reference: datasetReferenceSchema, task: z.enum(TASKS).nullable() })).output(sent(settledDatasetSchema)),
  picture: oc.input(z.object({ file: z.string() })).output(sent(shownPictureSchema)),
  /** Gives back what is held open; the thread can then be ended. */
  close: oc.output(z.void()),
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
