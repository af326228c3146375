// A closer look at the block in focus: one group (RepMLPNet: share-set) of it, or all groups together; and the
// picture its position maps are laid on.
import { createStore } from 'zustand/vanilla';
import type { WeightsReference } from '@shared/contract/studio';
import { Analyst } from '../workers/analysis';
import type { BlockDetail, ImageRequest, ShownImage } from '../workers/protocol';
import { blockRequest, matricesKey } from './patterns';

export interface Closer {
  /** Weights, block and group of `detail`; null before the first look. */
  readonly key: string | null;
  readonly busy: boolean;
  readonly detail: BlockDetail | null;
  readonly image: ShownImage | null;
}

export const closer = createStore<Closer>()(() => ({ key: null, busy: false, detail: null, image: null }));

const [analyst, imageAnalyst] = [new Analyst(), new Analyst()];

/** Looks at a group of a block, null for all; a newer look replaces an older one. */
export async function lookCloser(reference: WeightsReference, block: string, group: number | null): Promise<void> {
  const key = `${matricesKey(reference, block)} ${group}`;
  if (closer.getState().key === key) return;
  closer.setState({ key, busy: true, detail: null });
  try {
    const detail = await detailOf(key, reference, block, group);
    if (closer.getState().key === key) closer.setState({ detail });
  } catch (error) {
    if (closer.getState().key === key) closer.setState({ key: null });
    throw error;
  } finally {
    if (closer.getState().key === key || closer.getState().key === null) closer.setState({ busy: false });
  }
}

/** Ends the look under way. */
export function stopLooking(): void {
  analyst.end();
  closer.setState({ key: 'stopped', busy: false });
}

/** Null where another look was asked for meanwhile. */
async function detailOf(key: string, reference: WeightsReference, block: string, group: number | null): Promise<BlockDetail | null> {
  const request = await blockRequest(reference, block);
  return closer.getState().key === key ? analyst.ask<'detail'>({ kind: 'detail', ...request, group }) : null;
}

/** Draws the picture under the position maps. */
export async function chooseImage(request: Omit<ImageRequest, 'kind'>): Promise<void> {
  closer.setState({ image: await imageAnalyst.ask<'image'>({ kind: 'image', ...request }) });
}
