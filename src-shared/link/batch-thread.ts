// The batches of a run made in a thread of their own, beside the one that trains: read, augmented, mixed and
// normalised a few steps ahead. Invariant: the same function makes them (training/batches/feed.ts), so they are the same bits.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { count, sent } from '../base/sent';
import { implement } from '@orpc/server';
import type { DatasetReference, DatasetSplits } from '../dataset/dataset';
import { type BatchFeed, openFeed, type ThreadedFeed } from '../training/batches/feed';
import { batchSchema, type Batch } from '../training/loop/session';
import type { TrainingConfig } from '../training/recipe/recipe';
import { sentConfigSchema } from '../training/recipe/recipe-schema';
import { connectPort, type Port, servePort } from './port';

/** A thread that serves `serveFeed`. */
export interface FeedThread {
  readonly port: Port;
  /** Resolves if the thread ends by itself. */
  readonly lost: Promise<Error>;
  end(): void;
}

const feedContract = {
  open: oc.input(sent(sentConfigSchema)).output(sent(z.object({ stepsPerEpoch: count, batchSize: count }))),
  batch: oc.input(z.object({ epoch: count, step: count })).output(sent(batchSchema)),
  close: oc.output(z.void()),
};

/** Answers calls from the port, one after the other, until the thread ends. */
export function serveFeed(port: Port, openDataset: (reference: DatasetReference) => Promise<DatasetSplits>): void {
  let splits: DatasetSplits | null = null;
  let feed: BatchFeed | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
    const answered = last.then(answer);
    last = answered.catch(() => undefined);
    return answered;
  };
  const calls = implement(feedContract);
  const router = calls.router({
    open: calls.open.handler(({ input: config }) =>
      inTurn(async () => {
        splits = await openDataset(config.dataset);
        feed = openFeed(splits.train, config);
        return { stepsPerEpoch: feed.stepsPerEpoch, batchSize: feed.batchSize };
      }),
    ),
    batch: calls.batch.handler(({ input: { epoch, step } }) =>
      inTurn(async () => {
        if (feed === null) throw new Error('a batch was asked for before the feed was opened');
        return feed.batch(epoch, step);
      }),
    ),
    close: calls.close.handler(() => inTurn(async () => splits?.close?.())),
  });
  servePort(router, port);
}

/** Batches that are made while the ones before are trained on. */
const AHEAD = 2;

/** Opens the feed of a configuration in the thread. Rejects with what opening the data throws; the thread is ended then. */
export async function openThreadedFeed(thread: FeedThread, config: TrainingConfig): Promise<ThreadedFeed> {
  const calls = connectPort<typeof feedContract>(thread.port, thread.lost);
  try {
    const sizes = await calls.open(config);
    const close = async (): Promise<void> => {
      await calls.close().catch(() => undefined);
      thread.end();
    };
    return { ...sizes, batch: aheadOf(sizes.stepsPerEpoch, (epoch, step) => calls.batch({ epoch, step })), close };
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
