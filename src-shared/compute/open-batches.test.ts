import { expect, it } from 'vitest';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { type FeedThread, openThreadedFeed } from '../link/batch-thread';
import type { TrainingConfig } from '../training/recipe/recipe';
import { recipe } from '../training/recipe/recipes';
import { openBatches } from './open-batches';

const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(1),
  backend: 'cpu',
};
/** A thread that ends as soon as it is asked. */
const broken: FeedThread = {
  port: { post: () => undefined, onMessage: () => undefined },
  lost: Promise.resolve(new Error('no bundle')),
  end: () => undefined,
};

it('no thread is started where every processor computes, and that is said', async () => {
  const started = (): never => {
    throw new Error('started');
  };
  expect(await openBatches(config, 4, started, 4)).toEqual({ note: expect.stringContaining('every processor computes') as string });
});

it('a thread that cannot be started is replaced by the thread that trains, with the reason', async () => {
  const { feed, note } = await openBatches(config, 1, (asked) => openThreadedFeed(broken, asked), 4);
  expect(feed).toBeUndefined();
  expect(note).toBe(' Batches are made between the steps, for a thread of their own failed: no bundle.');
});
