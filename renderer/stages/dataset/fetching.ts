// Fetching a published data set: what there is, how far it has come, why it stopped. What has arrived stays
// in the folder, so that starting again goes on from there.
import { createStore } from '../../studio/state';
import type { FetchProgress, PublishedDataset, RestrictedDataset } from '@shared/dataset/published';
import { chooseFolder } from './dataset';
import { messageOf } from '@shared/base/message-of';
import { notify } from '../../studio/notices';
import { studio } from '../../studio/studio';

export interface Fetching {
  readonly fetchable: readonly PublishedDataset[];
  readonly restricted: readonly RestrictedDataset[];
  /** Where it stands; null while nothing is fetched, or nothing has come yet. */
  readonly progress: FetchProgress | null;
  readonly busy: boolean;
  /** How the last fetch ended where it did not end well: told apart, for a stop is no failure. */
  readonly ended: { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly message: string } | null;
}

export const fetching = createStore<Fetching>(() => ({ fetchable: [], restricted: [], progress: null, busy: false, ended: null }));

let running: AbortController | null = null;

/** Asks the service what can be fetched. */
export async function listPublished(): Promise<void> {
  fetching.setState(await studio().dataset.published());
}

/** Fetches a data set into a folder of the service's machine, and chooses it. */
export async function fetchPublished(name: string, folder: string): Promise<void> {
  const own = (running = new AbortController());
  fetching.setState({ progress: null, busy: true, ended: null });
  try {
    const events = await studio().dataset.fetch({ name, folder }, { signal: own.signal });
    for await (const progress of events) fetching.setState({ progress });
    if (own.signal.aborted) return fetching.setState({ ended: { kind: 'stopped' } });
    notify('success', `${name} is in ${folder}, checked, and chosen.`);
    await chooseFolder(folder);
  } catch (error) {
    fetching.setState({ ended: own.signal.aborted ? { kind: 'stopped' } : { kind: 'failed', message: messageOf(error) } });
  } finally {
    fetching.setState({ busy: false });
  }
}

/** Stops the fetch under way. */
export function stopFetching(): void {
  running?.abort();
}

/** How the last fetch ended no longer matters: another is being described. */
export function forgetEnd(): void {
  fetching.setState({ ended: null });
}
