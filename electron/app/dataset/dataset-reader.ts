// Data sets as the service sees them: behind a thread of their own, started when first needed, from the
// bundle `dataset-worker.mjs`. The service's thread only passes on bytes.
import { MessageChannel, Worker } from 'node:worker_threads';
import type { DatasetReference, DatasetSplits, SettledDataset } from '@shared/dataset/dataset';
import { openRemote, type DatasetQuestion, type SentSize } from '@shared/dataset/remote';
import type { ShownPicture } from '@shared/dataset/shown-picture';
import type { EnginePort } from '@shared/link/port';
import { PortCalls } from '@shared/link/port-calls';
import type { Task } from '@shared/model/spec';
import type { DatasetWorkerData, ReaderAnswer, ReaderCall } from '../../workers/dataset-worker';
import type { AskedBatch, MadeBatch } from '../../datasets/fed-batch';
import type { Datasets } from './datasets';

interface Thread {
  readonly worker: Worker;
  readonly port: MessageChannel['port1'];
  readonly calls: PortCalls<ReaderCall, ReaderAnswer>;
}

/** Asks the thread. Errors arrive as they were thrown there; if the thread ends, all that waits fails and the next call starts another. */
export class DatasetReader implements Datasets {
  private thread: Thread | null = null;

  constructor(private readonly bundle: URL) {}

  /** Answers what `answerDatasetQuestion` answers. */
  ask = (question: DatasetQuestion): Promise<Uint8Array> => this.call<Uint8Array>({ kind: 'question', question });

  batch(batch: AskedBatch): Promise<MadeBatch> {
    return this.call<MadeBatch>({ kind: 'batch', batch });
  }

  /** The picture of a JPEG or PNG file, to look at. Rejects with UserError naming the file. */
  picture(file: string): Promise<ShownPicture> {
    return this.call<ShownPicture>({ kind: 'picture', file });
  }

  /** Decides what a data set is read as, for a network of `task`. */
  settle(reference: DatasetReference, task: Task | null): Promise<SettledDataset> {
    if (reference.kind === 'embedded') return Promise.resolve({ reference, note: null, otherwise: null });
    return this.call<SettledDataset>({ kind: 'settle', reference, task });
  }

  /** Splits whose samples the thread reads, in the size given. */
  open(reference: DatasetReference, size?: SentSize): Promise<DatasetSplits> {
    return openRemote(reference, this.ask, size);
  }

  /** Ends the thread once it has given back what it held. */
  async close(): Promise<void> {
    const { thread } = this;
    if (thread === null) return;
    await this.call<void>({ kind: 'close' }).catch(() => undefined);
    this.thread = null;
    thread.port.close();
    await thread.worker.terminate();
  }

  private call<Value>(call: ReaderCall): Promise<Value> {
    this.thread ??= this.start();
    // Each kind of call has its kind of answer.
    return this.thread.calls.call(call) as Promise<Value>;
  }

  private start(): Thread {
    const { port1, port2 } = new MessageChannel();
    const workerData: DatasetWorkerData = { port: port2 };
    const worker = new Worker(this.bundle, { workerData, transferList: [port2] });
    const thread = { worker, port: port1, calls: new PortCalls<ReaderCall, ReaderAnswer>(port1 as unknown as EnginePort) };
    worker.once('error', (error) => this.lose(thread, error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => this.lose(thread, new Error(`the data sets' thread ended (exit code ${code})`)));
    return thread;
  }

  private lose(thread: Thread, error: Error): void {
    if (this.thread === thread) this.thread = null;
    thread.calls.lose(error);
  }
}
