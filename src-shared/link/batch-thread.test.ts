import { expect, it } from 'vitest';
import { openEmbedded } from '../dataset/embedded/embedded';
import { eventedPort } from './port';
import { buildModel } from '../model/zoo';
import { seed } from '../tensor/random';
import { UserError } from '../base/user-error';
import { type FeedThread, openThreadedFeed, serveFeed } from './batch-thread';
import { openFeed } from '../training/batches/feed';
import { withOverrides } from '../training/recipe/overrides';
import type { TrainingConfig } from '../training/recipe/recipe';
import { recipe } from '../training/recipe/recipes';

const dataset = { kind: 'embedded', name: 'shapes', seed: seed(1), trainCount: 40, validationCount: 10 } as const;
const config: TrainingConfig = {
  spec: buildModel('pure-mlp-small'),
  dataset,
  recipe: withOverrides(recipe('shapes-short'), ['batchSize=16', 'augmentations=padCropFlip:2,randAugment:9', 'mixup=0.4', 'cutmix=1']),
  seed: seed(3),
  backend: 'cpu',
};

/** Both ends of a channel, served from this thread. */
function thread(open: () => ReturnType<typeof openEmbedded> = () => openEmbedded(dataset)) {
  const { port1, port2 } = new MessageChannel();
  let lose: (error: Error) => void = () => undefined;
  const lost = new Promise<Error>((resolve) => (lose = resolve));
  serveFeed(eventedPort(port2), () => Promise.resolve().then(open));
  const threaded: FeedThread = { port: eventedPort(port1), lost, end: () => port1.close() };
  return { threaded, lose: (error: Error) => lose(error) };
}

it('gives the very batches of a feed beside the training, epoch after epoch and out of order', async () => {
  const near = openFeed(openEmbedded(dataset).train, config);
  const threaded = await openThreadedFeed(thread().threaded, config);
  expect(threaded).toMatchObject({ stepsPerEpoch: near.stepsPerEpoch, batchSize: near.batchSize });
  for (const [epoch, step] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 1],
  ])
    expect(await threaded.batch(epoch, step)).toEqual(await near.batch(epoch, step));
  await threaded.close();
});

it('passes on what is wrong with the data, as it was thrown', async () => {
  const { threaded } = thread(() => {
    throw new UserError('broken.bin is no batch of CIFAR');
  });
  await expect(openThreadedFeed(threaded, config)).rejects.toThrow(new UserError('broken.bin is no batch of CIFAR'));
});

it('fails every batch when its thread is lost, and waits for none', async () => {
  const { threaded, lose } = thread();
  const feed = await openThreadedFeed(threaded, config);
  await feed.batch(0, 0);
  lose(new Error('the thread ended'));
  await expect(feed.batch(0, 1).then(() => feed.batch(7, 0))).rejects.toThrow('the thread ended');
  await feed.close();
});
