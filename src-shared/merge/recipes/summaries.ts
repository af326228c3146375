// What a merge by recipes tells of its groups, and of what it left: plain data for terminal, window and JSON.
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import type { Left } from './find-groups';
import type { MergedGroup } from './merge-groups';

export const groupSummarySchema = z.object({
  /** Its prefix; empty where it is the whole file. */
  at: z.string(),
  recipe: z.string(),
  family: z.string(),
  /** Names of the merged tensors. */
  tensors: z.array(z.string()),
  /** What the weights do not say and was taken as usual. */
  assumed: z.array(z.string()),
});
/** A merged group. */
export type GroupSummary = Stored<z.infer<typeof groupSummarySchema>>;

export const leftSummarySchema = z.object({ at: z.string(), recipe: z.string().nullable(), reason: z.string() });
/** What was left, and why. */
export type LeftSummary = Stored<z.infer<typeof leftSummarySchema>>;

export function groupSummary({ group: { prefix, recipe }, tensors, assumed }: MergedGroup): GroupSummary {
  return { at: prefix, recipe: recipe.name, family: recipe.family, tensors, assumed };
}

export function leftSummaries(left: readonly Left[]): LeftSummary[] {
  return left.map(({ at, recipe, reason }) => ({ at, recipe, reason }));
}

/** What was left, in a line. */
export function leftLine({ at, recipe, reason }: LeftSummary): string {
  return `left as it is: ${placeText(at)}${recipe === null ? '' : ` (${recipe})`}: ${reason}`;
}

/** What the place of a group is called. */
export function placeText(at: string): string {
  return at || 'the whole file';
}
