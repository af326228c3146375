// Where a training's batches are made: by a thread of their own where a processor is free for it (beside a GPU,
// or beside WebAssembly on a machine with more processors than it uses), else by the thread that trains, between
// its steps. The batches are the same bits either way; where they are made is said.
import type { ThreadedFeed } from '../training/batches/feed';
import type { TrainingConfig } from '../training/recipe/recipe';
import { allProcessors } from './processors';

/** The thread's feed, if there is one, and words for the user to follow those on the backend. */
export interface OpenBatches {
  readonly feed?: ThreadedFeed;
  readonly note: string;
}

/** Opens the feed of a training in a thread of its own. */
export type OpenThreadedFeed = (config: TrainingConfig) => Promise<ThreadedFeed>;

/** `busy`: processors the backend keeps busy. Never rejects: what is wrong with the data shows in the thread that trains. */
export async function openBatches(
  config: TrainingConfig,
  busy: number,
  open: OpenThreadedFeed | undefined,
  processors = allProcessors(),
): Promise<OpenBatches> {
  if (open === undefined) return { note: '' };
  if (processors <= busy) return { note: ' Batches are made between the steps, for every processor computes.' };
  try {
    return { feed: await open(config), note: ' Batches are made by a thread of their own.' };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { note: ` Batches are made between the steps, for a thread of their own failed: ${reason}.` };
  }
}
