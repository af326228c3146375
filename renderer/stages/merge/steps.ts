// The merge steps of the block in focus, computed in the worker.
import { createStore } from '../../studio/state';
import type { WeightsReference } from '@shared/link/studio';
import { Analyst } from '../../workers/analysis/analysis';
import type { ShownStep } from '../../workers/analysis/protocol';
import { messageOf } from '@shared/base/message-of';
import { studio } from '../../studio/studio';
import { keyOf } from '../../studio/network/weights';

export interface Steps {
  /** Weights and block the steps belong to. */
  readonly key: string | null;
  readonly list: readonly ShownStep[] | null;
  readonly problem: string | null;
}

/** Longest side of a picture, in cells. */
const PICTURE_CELLS = 512;

const analyst = new Analyst();

export const steps = createStore<Steps>(() => ({ key: null, list: null, problem: null }));

/** What `key` is for a block of some weights. */
export function stepsKey(reference: WeightsReference, block: string): string {
  return `${keyOf(reference)}|${block}`;
}

/** Computes the steps of a block, unless they are there already. */
export async function loadSteps(reference: WeightsReference, block: string): Promise<void> {
  const key = stepsKey(reference, block);
  if (steps.getState().key === key) return;
  steps.setState({ key, list: null, problem: null });
  const result = await computeSteps(reference, block).then(
    (list) => ({ list }),
    (error: unknown) => ({ problem: messageOf(error) }),
  );
  if (steps.getState().key === key) steps.setState(result);
}

async function computeSteps(reference: WeightsReference, block: string): Promise<readonly ShownStep[]> {
  return analyst.calls.steps({ block: await studio().merge.tensors({ weights: reference, block }), limit: PICTURE_CELLS });
}
