// repmlp verify for groups that merge recipes know: each run in both forms, inside, edges and corners apart, and everything
// else of the two files compared value by value.
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { Understanding } from '@shared/model/recognise/understand';
import { runSteps } from '@shared/merge/merge-network';
import { leftLine, placeText } from '@shared/merge/recipes/summaries';
import type { LayerComparison, MergeProgress } from '@shared/merge/report';
import { modulePath, type GroupReport } from '@shared/proof/recipes/group-report';
import type { ModuleVerdict } from '@shared/proof/recipes/verdict';
import { UserError } from '@shared/base/user-error';
import { planToVerify, verifyFamilies, type JudgedFamilies } from '../../app/merge/families';
import { withAdapter, withConfigBeside } from '../merge/groups';
import { understandFile } from '../../files/checkpoint-network';
import { choicesFrom } from '../network';
import { readShown, type StatusLine } from '../progress';
import { print, seedFrom, type NetworkOptions, type RecipeOptions } from '../verb';

type VerifyGroupOptions = NetworkOptions & RecipeOptions & { readonly seed: string; readonly input?: string };

/** The verdict by recipes; null where the training file is a known network or has no group of a known family. */
export async function verifyByRecipes(
  trainFile: CheckpointFile,
  mergedFile: CheckpointFile,
  given: VerifyGroupOptions,
  status: StatusLine,
): Promise<JudgedFamilies | null> {
  if (given.model !== undefined || given.block !== undefined) return null;
  const options = await withConfigBeside(given);
  return withAdapter(trainFile, options, (joined) =>
    verifyJoined(joined, understandFile(trainFile, choicesFrom(given)), mergedFile, options, status),
  );
}

/** The verdict on a training file with the tensors of an adapter among its own. */
async function verifyJoined(
  trainFile: CheckpointFile,
  understood: Understanding,
  mergedFile: CheckpointFile,
  options: VerifyGroupOptions,
  status: StatusLine,
): Promise<JudgedFamilies | null> {
  const plan = await planToVerify(trainFile, understood, options, { adapter: options.adapter !== undefined });
  if (plan === null) return null;
  if (options.input !== undefined)
    throw new UserError('--input goes with networks and RepMLP blocks; groups of other families are run on inputs of their own');
  const train = await readShown(trainFile, status);
  const merged = await readShown(mergedFile, status);
  const onProgress = ({ done, total, layer }: MergeProgress): void => status.showPart('comparing', done, total, layer);
  const judged = await verifyFamilies(plan, { train, merged, seed: seedFrom('--seed', options.seed) }, (steps) =>
    runSteps(steps, { onProgress }),
  );
  status.clear();
  return judged;
}

/** The report in a terminal. */
export function printGroupReport({ equivalent, layers, groups, problems, remarks, left, toleranceReason }: GroupReport): void {
  const ofGroups = new Set(groups.flatMap(({ modules }) => modules.map(({ weight }) => modulePath(weight))));
  const blocks = layers.filter(({ path }) => !ofGroups.has(path));
  blocks.forEach((layer) => print(blockLine(layer)));
  for (const { prefix, recipe, refusal, modules } of groups) {
    if (refusal !== null) print(`differs   ${placeText(prefix)} (${recipe}): ${refusal}`);
    for (const module of modules) print(moduleLine(recipe, module));
  }
  problems.forEach((problem) => print(`differs   ${problem}`));
  remarks.forEach((text) => print(`odd       ${text}`));
  left.forEach((one) => print(leftLine(one)));
  print(`tolerance: ${toleranceReason}`);
  const counted = [
    ...(blocks.length > 0 ? [`${blocks.length} RepMLP`] : []),
    `${groups.length} ${groups.length === 1 ? 'group' : 'groups'}`,
  ];
  print(equivalent ? `equivalent: ${counted.join(', ')}` : 'NOT equivalent');
}

function blockLine({ path, equivalent, maxAbs, maxRel, tolerance }: LayerComparison): string {
  const numbers = `max abs ${maxAbs.toExponential(1)}, relative ${maxRel.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
  return `${equivalent ? 'equal     ' : 'differs   '}${placeText(path)} (RepMLP block): ${numbers}`;
}

function moduleLine(recipe: string, { weight, equivalent, regions, problem }: ModuleVerdict): string {
  const numbers = regions.map(
    ({ region, maxAbs, worstShare }) => `${region} ${maxAbs.toExponential(1)} (${worstShare.toPrecision(2)} of what is admitted)`,
  );
  return `${equivalent ? 'equal     ' : 'differs   '}${modulePath(weight)} (${recipe}): ${problem ?? numbers.join(', ')}`;
}
