// Merge steps computed in the worker, of one block or group at a time. Invariant: steps are only shown under the key they
// were computed for.
import { messageOf } from '@shared/base/message-of';
import { createStore, type Store } from '../../studio/state';

export interface KeyedSteps<Step> {
  /** What the steps belong to, in one text. */
  readonly key: string | null;
  readonly list: readonly Step[] | null;
  readonly problem: string | null;
}

/** Longest side of a picture, in cells. */
export const PICTURE_CELLS = 512;

const NOTHING = { key: null, list: null, problem: null };

/** A store without steps. */
export function keyedSteps<Step>(): Store<KeyedSteps<Step>> {
  return createStore<KeyedSteps<Step>>(() => NOTHING);
}

/** Computes the steps of a key, unless they are there already. */
export async function loadKeyed<Step>(store: Store<KeyedSteps<Step>>, key: string, compute: () => Promise<readonly Step[]>): Promise<void> {
  if (store.getState().key === key) return;
  store.setState({ key, list: null, problem: null });
  const result = await compute().then(
    (list) => ({ list }),
    (error: unknown) => ({ problem: messageOf(error) }),
  );
  if (store.getState().key === key) store.setState(result);
}

/** The steps of a key. Until they are asked for, those of the last one stand in the store. */
export function stepsOfKey<Step>(known: KeyedSteps<Step>, key: string): KeyedSteps<Step> {
  return known.key === key ? known : NOTHING;
}
