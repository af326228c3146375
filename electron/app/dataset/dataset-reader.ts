// Data sets as the service sees them: behind a thread of their own, started when first needed, from the
// bundle `dataset-worker.mjs`. The service's thread only passes on bytes.
import { MessageChannel, Worker } from 'node:worker_threads';
import type { DatasetReference, DatasetSplits, SettledDataset } from '@shared/dataset/dataset';
import { openRemote, type DatasetQuestion, type SentSize } from '@shared/dataset/remote';
import type { ShownPicture } from '@shared/dataset/shown-picture';
import type { ContractRouterClient } from '@orpc/contract';
import { connectPort } from '@shared/link/port';
import type { NetworkSpec, Task } from '@shared/model/spec';
import { checkTrainable } from '@shared/training/recipe/fit';
import type { DatasetWorkerData, ReaderContract } from '../../workers/dataset-worker';
import { nodePort } from '../../workers/node-port';
import type { AskedBatch, MadeBatch } from '../../datasets/fed-batch';

interface Thread {
  readonly worker: Worker;
  readonly port: MessageChannel['port1'];
  readonly calls: ContractRouterClient<ReaderContract>;
}

/** Asks the thread. Errors arrive as they were thrown there; if the thread ends, all that waits fails and the next call starts another. */
export class DatasetReader {
  private thread: Thread | null = null;

  constructor(private readonly bundle: URL) {}

  /** Answers what `answerDatasetQuestion` answers. */
  ask = (question: DatasetQuestion): Promise<Uint8Array> => this.calls.answer(question);

  batch(batch: AskedBatch): Promise<MadeBatch> {
    return this.calls.batch(batch);
  }

  /** The picture of a JPEG or PNG file, to look at. Rejects with UserError naming the file. */
  picture(file: string): Promise<ShownPicture> {
    return this.calls.picture({ file });
  }

  /** Decides what a data set is read as, for a network of `task`. */
  settle(reference: DatasetReference, task: Task | null): Promise<SettledDataset> {
    if (reference.kind === 'embedded') return Promise.resolve({ reference, note: null, otherwise: null });
    return this.calls.settle({ reference, task });
  }

  /** As `settle`, for a network to be trained on it. Rejects with UserError where they do not fit, before anything is written. */
  async settleForTraining(reference: DatasetReference, spec: NetworkSpec): Promise<SettledDataset> {
    const settled = await this.settle(reference, spec.task);
    checkTrainable(spec, (await this.open(settled.reference)).train);
    return settled;
  }

  /** Splits whose samples the thread reads, in the size given. */
  open(reference: DatasetReference, size?: SentSize): Promise<DatasetSplits> {
    return openRemote(reference, this.ask, size);
  }

  /** Ends the thread once it has given back what it held. */
  async close(): Promise<void> {
    const { thread } = this;
    if (thread === null) return;
    await thread.calls.close().catch(() => undefined);
    this.thread = null;
    thread.port.close();
    await thread.worker.terminate();
  }

  private get calls(): Thread['calls'] {
    return (this.thread ??= this.start()).calls;
  }

  private start(): Thread {
    const { port1, port2 } = new MessageChannel();
    const workerData: DatasetWorkerData = { port: port2 };
    const worker = new Worker(this.bundle, { workerData, transferList: [port2] });
    const lost = new Promise<Error>((resolve) => {
      worker.once('error', (error) => resolve(error instanceof Error ? error : new Error(String(error))));
      worker.once('exit', (code) => resolve(new Error(`the data sets' thread ended (exit code ${code})`)));
    });
    const thread = { worker, port: port1, calls: connectPort<ReaderContract>(nodePort(port1), lost) };
    void lost.then(() => {
      if (this.thread === thread) this.thread = null;
    });
    return thread;
  }
}
