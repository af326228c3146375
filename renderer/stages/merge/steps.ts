// The merge steps of the block in focus, computed in the worker.
import type { WeightsReference } from '@shared/link/studio';
import { Analyst } from '../../workers/analysis/analysis';
import type { ShownStep } from '../../workers/analysis/protocol';
import { studio } from '../../studio/studio';
import { keyOf } from '../../studio/network/weights';
import { keyedSteps, loadKeyed, PICTURE_CELLS } from './keyed-steps';

const analyst = new Analyst();

export const steps = keyedSteps<ShownStep>();

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
