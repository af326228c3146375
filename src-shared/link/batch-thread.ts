// The batches of a run made in a thread of their own, beside the one that trains: read, augmented, mixed and
// normalised a few steps ahead. Invariant: the same function makes them (training/batches/feed.ts), so they are the same bits.
import { assertNever } from '../base/assert-never';
import type { DatasetReference, DatasetSplits } from '../dataset/dataset';
import type { EnginePort } from './port';
import { answerCalls, PortCalls } from './port-calls';
import type { Batch } from '../training/loop/session';
import { type BatchFeed, openFeed } from '../training/batches/feed';
import type { TrainingConfig } from '../training/recipe/recipe';

/** A thread that serves `serveFeed`. */
export interface FeedThread {
  readonly port: EnginePort;
  /** Resolves if the thread ends by itself. */
  readonly lost: Promise<Error>;
  end(): void;
}

/** A feed to be closed when the training has ended. */
export interface ThreadedFeed extends BatchFeed {
  close(): Promise<void>;
}

type FeedCall =
  | { readonly type: 'open'; readonly config: TrainingConfig }
  | { readonly type: 'batch'; readonly epoch: number; readonly step: number }
  | { readonly type: 'close' };
/** What a call gives: the feed's sizes, a batch, nothing. */
type Answer = Omit<BatchFeed, 'batch'> | Batch | null;

/** Answers calls from the port, one after the other, until the thread ends. */
export function serveFeed(port: EnginePort, openDataset: (reference: DatasetReference) => Promise<DatasetSplits>): void {
  let splits: DatasetSplits | null = null;
  let feed: BatchFeed | null = null;
  const answer = async (call: FeedCall): Promise<Answer> => {
    switch (call.type) {
      case 'open': {
        splits = await openDataset(call.config.dataset);
        feed = openFeed(splits.train, call.config);
        return { stepsPerEpoch: feed.stepsPerEpoch, batchSize: feed.batchSize };
      }
      case 'batch':
        if (feed === null) throw new Error('a batch was asked for before the feed was opened');
        return feed.batch(call.epoch, call.step);
      case 'close':
        await splits?.close?.();
        return null;
      default:
        return assertNever(call);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  answerCalls(port, (call: FeedCall) => {
    const answered = last.then(() => answer(call));
    last = answered.catch(() => undefined);
    return answered;
  });
}

/** Batches that are made while the ones before are trained on. */
const AHEAD = 2;

/** Opens the feed of a configuration in the thread. Rejects with what opening the data throws; the thread is ended then. */
export async function openThreadedFeed(thread: FeedThread, config: TrainingConfig): Promise<ThreadedFeed> {
  const calls = new PortCalls<FeedCall, Answer>(thread.port);
  void thread.lost.then((error) => calls.lose(error));
  try {
    const sizes = (await calls.call({ type: 'open', config })) as Omit<BatchFeed, 'batch'>;
    const close = async (): Promise<void> => {
      await calls.call({ type: 'close' }).catch(() => undefined);
      thread.end();
    };
    return {
      ...sizes,
      batch: aheadOf(sizes.stepsPerEpoch, (epoch, step) => calls.call({ type: 'batch', epoch, step }) as Promise<Batch>),
      close,
    };
  } catch (error) {
    thread.end();
    throw error;
  }
}

/** Asks for the next batches together with the one that is needed. */
function aheadOf(stepsPerEpoch: number, ask: BatchFeed['batch']): BatchFeed['batch'] {
  let made = new Map<number, Promise<Batch>>();
  return (epoch, step) => {
    const place = epoch * stepsPerEpoch + step;
    const wanted = Array.from({ length: AHEAD + 1 }, (_, i) => place + i);
    made = new Map(wanted.map((at) => [at, made.get(at) ?? quiet(ask(Math.floor(at / stepsPerEpoch), at % stepsPerEpoch))]));
    return made.get(place) as Promise<Batch>;
  };
}

/** A failure shows when the batch is awaited, not before. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
