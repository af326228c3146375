// Data sets: fetching published ones, fixing what a folder is read as before its samples are shown, and single
// pictures of them.
import { implement } from '@orpc/server';
import { studioContract } from '@shared/link/studio';
import type { FetchProgress } from '@shared/dataset/published';
import { pictureOf } from '@shared/dataset/shown-picture';
import { RESTRICTED_DATASETS } from '@shared/dataset/published';
import { Broadcast } from '../broadcast';
import { fetchableDatasets, fetchDataset } from '../../datasets/fetch/fetch-dataset';
import { absolutePath } from '../../datasets/sources';
import { asJob, fetchStep } from '../jobs/asked-jobs';
import type { Studio } from '../studio';

/** Implements `dataset` of the contract. */
export function datasetProcedures(studio: Studio) {
  const { datasets, datasetEndpoint, bulk } = studio;
  const dataset = implement(studioContract.dataset);
  return {
    published: dataset.published.handler(async () => ({ fetchable: await fetchableDatasets(), restricted: RESTRICTED_DATASETS })),
    fetch: dataset.fetch.handler(({ input: { name, folder }, signal }) =>
      asJob(studio, 'download', name, (own) => fetchEvents(name, absolutePath(folder), own), fetchStep, signal),
    ),
    settle: dataset.settle.handler(async ({ input }) => {
      const settled = await datasets.settle(input.reference, input.task);
      if (settled.reference.kind === 'folder') datasetEndpoint.admit(settled.reference);
      return settled;
    }),
    picture: dataset.picture.handler(async ({ input }) => {
      const { train, close } = await datasets.open((await datasets.settle(input.dataset, null)).reference);
      try {
        const { pixels, ...picture } = await pictureOf(train, input.of);
        const url = bulk.add({ kind: 'bytes', bytes: new Uint8Array(pixels.buffer) }, { once: true });
        return { ...picture, url, classes: train.classes, count: train.count };
      } finally {
        await close?.();
      }
    }),
    pictureFile: dataset.pictureFile.handler(async ({ input }) => {
      const path = absolutePath(input.path);
      const { pixels, ...picture } = await datasets.picture(path);
      return { ...picture, path, url: bulk.add({ kind: 'bytes', bytes: new Uint8Array(pixels.buffer) }, { once: true }) };
    }),
  };
}

/** At most so many events a second reach a window. */
const EVENT_MILLISECONDS = 100;

async function* fetchEvents(name: string, folder: string, signal?: AbortSignal): AsyncGenerator<FetchProgress, void> {
  const progress = new Broadcast<FetchProgress>();
  const events = progress.subscribe(signal);
  const fetching = fetchDataset(name, folder, { signal, onProgress: thinned((event) => progress.send(event)) });
  fetching.finally(() => progress.end()).catch(() => undefined);
  yield* events;
  await fetching;
}

/** Lets through the first event of each file's stage, its last, and some between. */
function thinned(send: (event: FetchProgress) => void): (event: FetchProgress) => void {
  let [last, at] = ['', 0];
  return (event) => {
    const key = `${event.stage} ${event.file}`;
    const now = performance.now();
    if (key === last && now - at < EVENT_MILLISECONDS && event.received !== event.total) return;
    [last, at] = [key, now];
    send(event);
  };
}
