// The merge steps of the block in focus, computed in the worker.
import { z } from 'zod';
import type { WeightsReference } from '@shared/link/studio';
import { Analyst } from '../../workers/analysis/analysis';
import type { ShownStep } from '@shared/merge/equation';
import { studio } from '../../studio/studio';
import { addDeepView } from '../../studio/deep-view';
import { keyOf } from '../../studio/network/weights';
import { createStore } from '../../studio/state';
import { keyedSteps, loadKeyed, PICTURE_CELLS } from './keyed-steps';

const analyst = new Analyst();

export const steps = keyedSteps<ShownStep>();

/** The step that is looked at, by its name: the next block may have others before it. */
export const walk = createStore<{ readonly step: string | null }>(() => ({ step: null }));
addDeepView(
  'merge',
  z.object({ step: z.string().nullable() }),
  () => walk.getState(),
  (kept) => walk.setState(kept),
);

/** What the steps of a block of some weights are kept under. */
export function stepsKey(reference: WeightsReference, block: string): string {
  return `${keyOf(reference)}|${block}`;
}

/** Computes the steps of a block, unless they are there already. */
export function loadSteps(reference: WeightsReference, block: string): Promise<void> {
  return loadKeyed(steps, stepsKey(reference, block), async () =>
    analyst.calls.steps({ block: await studio().merge.tensors({ weights: reference, block }), limit: PICTURE_CELLS }),
  );
}
