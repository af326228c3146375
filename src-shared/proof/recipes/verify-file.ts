// A whole file in training form against one in merged form, made here or elsewhere: every group by running it, every other
// tensor by its values, and nothing left over or lost without being named.
import { toNumbers } from '../../tensor/convert';
import { sameShape, type NamedTensors, type Tensor } from '../../tensor/tensor';
import { mergedNames, type Group } from '../../merge/recipes/bind-group';
import type { FoundGroups, Left } from '../../merge/recipes/find-groups';
import type { GivenSettings } from '../../merge/recipes/settings';
import { runToEnd } from '../../base/run-to-end';
import { placeText } from '../../merge/recipes/summaries';
import type { MergeProgress } from '../../merge/report';
import { verifyGroupStepwise, type GroupVerdict } from './verdict';

/** The verdict on a file. */
export interface FileVerdict {
  readonly equivalent: boolean;
  readonly groups: readonly GroupVerdict[];
  /** Tensors that differ, are missing or too many, each in a sentence. */
  readonly problems: readonly string[];
  /** What is odd and does not change the function. */
  readonly remarks: readonly string[];
  readonly left: readonly Left[];
}

/** Judges a merged file against its training form. */
export function verifyFile(...asked: Parameters<typeof verifyFileStepwise>): FileVerdict {
  return runToEnd(verifyFileStepwise(...asked));
}

/** `verifyFile` as a sequence: yields after each group, and within large ones. */
export function* verifyFileStepwise(
  train: NamedTensors,
  merged: NamedTensors,
  found: FoundGroups,
  settings: GivenSettings = {},
  seed = 1,
): Generator<MergeProgress, FileVerdict> {
  const open = found.groups.filter(({ form }) => form === 'train' || form === 'both');
  const touched = open.filter((group) => isMergedIn(group, merged));
  const groups: GroupVerdict[] = [];
  for (const group of touched) {
    const at = (): MergeProgress => ({ done: groups.length, total: touched.length, layer: placeText(group.prefix) });
    const judging = verifyGroupStepwise(group, train, merged, settings, seed);
    let step = judging.next();
    for (; !step.done; step = judging.next()) yield at();
    groups.push(step.value);
    yield at();
  }
  const { problems, remarks } = compareRest(train, merged, touched);
  const equivalent = groups.every((group) => group.equivalent) && problems.length === 0;
  return { equivalent, groups, problems, remarks, left: found.left };
}

/** Whether a group is no longer in training form: one of its tensors is gone, or a merged one has come. */
function isMergedIn(group: Group, merged: NamedTensors): boolean {
  return (
    group.claims.some((name) => !merged.has(name)) || mergedNames(group).some((name) => merged.has(name) && !group.claims.includes(name))
  );
}

/** Tensors of no group must be the same in both; the merged file holds nothing else. */
function compareRest(train: NamedTensors, merged: NamedTensors, groups: readonly Group[]): { problems: string[]; remarks: string[] } {
  const [claimed, ours] = [new Set(groups.flatMap(({ claims }) => claims)), new Set(groups.flatMap(mergedNames))];
  const strips = [...new Set(groups.flatMap(({ recipe }) => recipe.strip ?? []))];
  const stripped = (name: string): string => {
    const front = strips.find((strip) => name.startsWith(strip));
    return front === undefined ? name : name.slice(front.length);
  };
  const [problems, remarks, expected]: [string[], string[], Set<string>] = [[], [], new Set(ours)];
  for (const [name, tensor] of train) {
    if (claimed.has(name)) continue;
    const other = merged.get(stripped(name)) ?? merged.get(name);
    expected.add(stripped(name)).add(name);
    if (name.endsWith('num_batches_tracked')) continue;
    if (!other) problems.push(`${name} is in no group that was merged, and gone from the merged file`);
    else if (!sameValues(tensor, other))
      problems.push(
        `${name} is in no group that was merged, and has other values in the merged file: the two may come from different weights (EMA and raw, or two epochs)`,
      );
  }
  const keeper = groups.filter(({ recipe }) => recipe.mayKeepBranches);
  for (const name of merged.keys()) {
    if (expected.has(name)) continue;
    if (keeper.some(({ claims }) => claims.includes(name)))
      remarks.push(`${name} belongs to a branch and is still in the merged file, where nothing reads it`);
    else
      problems.push(
        claimed.has(name)
          ? `${name} belongs to a branch that was merged and is still in the merged file`
          : `${name} is in the merged file and not in the training form`,
      );
  }
  return { problems, remarks };
}

/** Equal values, up to the rounding of the narrower type. */
function sameValues(a: Tensor, b: Tensor): boolean {
  if (!sameShape(a.shape, b.shape)) return false;
  const [x, y] = [toNumbers(a), toNumbers(b)];
  const share = a.dtype === b.dtype ? 0 : Math.max(unit(a.dtype), unit(b.dtype));
  for (let i = 0; i < x.length; i++) if (!(Math.abs(x[i] - y[i]) <= share * Math.abs(x[i]) || Object.is(x[i], y[i]))) return false;
  return true;
}

function unit(dtype: Tensor['dtype']): number {
  return dtype === 'float16' ? 2 ** -10 : dtype === 'bfloat16' ? 2 ** -7 : 2 ** -23;
}
