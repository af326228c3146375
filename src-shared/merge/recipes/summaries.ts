// What a merge by recipes tells of its groups, and of what it left: plain data for terminal, window and JSON.
import type { Left } from './find-groups';
import type { MergedGroup } from './merge-groups';

/** A merged group. */
export interface GroupSummary {
  /** Its prefix; empty where it is the whole file. */
  readonly at: string;
  readonly recipe: string;
  readonly family: string;
  /** Names of the merged tensors. */
  readonly tensors: readonly string[];
  /** What the weights do not say and was taken as usual. */
  readonly assumed: readonly string[];
}

/** What was left, and why. */
export interface LeftSummary {
  readonly at: string;
  readonly recipe: string | null;
  readonly reason: string;
}

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
