// The merge steps of one group of a family, computed in the worker.
import { messageOf } from '@shared/base/message-of';
import type { FamilyGroup, WeightsReference } from '@shared/link/studio';
import type { PicturedStep } from '@shared/merge/recipes/walk/step-pictures';
import { createStore } from '../../../studio/state';
import { studio } from '../../../studio/studio';
import { keyOf } from '../../../studio/network/weights';
import { Analyst } from '../../../workers/analysis/analysis';

export interface FamilySteps {
  /** Weights and group the steps belong to, and how they were read. */
  readonly key: string | null;
  readonly list: readonly PicturedStep[] | null;
  readonly problem: string | null;
}

/** Longest side of a picture, in cells. */
const PICTURE_CELLS = 512;

const analyst = new Analyst();

export const familySteps = createStore<FamilySteps>(() => ({ key: null, list: null, problem: null }));

/** What `key` is for a group of some weights; `reading` counts what was said of them. */
export function familyStepsKey(reference: WeightsReference, { at, recipe }: FamilyGroup, reading: number): string {
  return `${keyOf(reference)}|${reading}|${recipe}|${at}`;
}

/** Computes the steps of a group, unless they are there already. */
export async function loadFamilySteps(reference: WeightsReference, group: FamilyGroup, reading: number): Promise<void> {
  const key = familyStepsKey(reference, group, reading);
  if (familySteps.getState().key === key) return;
  familySteps.setState({ key, list: null, problem: null });
  const result = await stepsOf(reference, group).then(
    (list) => ({ list }),
    (error: unknown) => ({ problem: messageOf(error) }),
  );
  if (familySteps.getState().key === key) familySteps.setState(result);
}

async function stepsOf(reference: WeightsReference, { at, recipe }: FamilyGroup): Promise<readonly PicturedStep[]> {
  const group = await studio().merge.group({ weights: reference, at, recipe });
  return analyst.calls.familySteps({ group, limit: PICTURE_CELLS });
}
