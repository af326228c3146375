// Entry of the thread that opens data sets for the service: it reads files, decodes pictures and makes
// batches, so that the thread that answers windows never does.
import { workerData, type MessagePort } from 'node:worker_threads';
import { assertNever } from '@shared/base/assert-never';
import type { DatasetReference, SettledDataset } from '@shared/dataset/dataset';
import type { DatasetQuestion } from '@shared/dataset/remote';
import type { ShownPicture } from '@shared/dataset/shown-picture';
import type { EnginePort } from '@shared/link/port';
import { answerCalls } from '@shared/link/port-calls';
import type { Task } from '@shared/model/spec';
import { type AskedBatch, type MadeBatch, makeBatch } from '../datasets/fed-batch';
import { OpenDatasets } from '../datasets/open-datasets';
import { shownFile } from '../datasets/picture';
import { settleDataset } from '../datasets/settle';

/** What the thread is asked. */
export type ReaderCall =
  | { readonly kind: 'question'; readonly question: DatasetQuestion }
  | { readonly kind: 'batch'; readonly batch: AskedBatch }
  | { readonly kind: 'settle'; readonly reference: DatasetReference; readonly task: Task | null }
  | { readonly kind: 'picture'; readonly file: string }
  /** Gives back what is held open; the thread can then be ended. */
  | { readonly kind: 'close' };

export type ReaderAnswer = Uint8Array | MadeBatch | SettledDataset | ShownPicture | void;

export interface DatasetWorkerData {
  readonly port: MessagePort;
}

const datasets = new OpenDatasets();
const { port } = workerData as DatasetWorkerData;
answerCalls(port as unknown as EnginePort, answer);

function answer(call: ReaderCall): Promise<ReaderAnswer> {
  switch (call.kind) {
    case 'question':
      return datasets.answer(call.question);
    case 'batch':
      return datasets.use(call.batch.config.dataset, (splits) => makeBatch(splits, call.batch));
    case 'settle':
      return settleDataset(call.reference, call.task);
    case 'picture':
      return shownFile(call.file);
    case 'close':
      return datasets.close();
    default:
      return assertNever(call);
  }
}
