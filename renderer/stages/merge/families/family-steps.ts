// The merge steps of one group of a family, computed in the worker.
import type { FamilyGroup, WeightsReference } from '@shared/link/studio';
import type { PicturedStep } from '@shared/merge/recipes/walk/step-pictures';
import { studio } from '../../../studio/studio';
import { keyOf } from '../../../studio/network/weights';
import { Analyst } from '../../../workers/analysis/analysis';
import { keyedSteps, loadKeyed, PICTURE_CELLS } from '../keyed-steps';

const analyst = new Analyst();

export const familySteps = keyedSteps<PicturedStep>();

/** What the steps of a group of some weights are kept under; `reading` counts what was said of them. */
export function familyStepsKey(reference: WeightsReference, { at, recipe }: FamilyGroup, reading: number): string {
  return `${keyOf(reference)}|${reading}|${recipe}|${at}`;
}

/** Computes the steps of a group, unless they are there already. */
export function loadFamilySteps(reference: WeightsReference, group: FamilyGroup, reading: number): Promise<void> {
  const { at, recipe } = group;
  return loadKeyed(familySteps, familyStepsKey(reference, group, reading), async () =>
    analyst.calls.familySteps({ group: await studio().merge.group({ weights: reference, at, recipe }), limit: PICTURE_CELLS }),
  );
}
