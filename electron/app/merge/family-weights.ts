// Merge and proof by recipes of weights that a window refers to. Each answers null where recipes are not meant: the network is
// known, or has no group of a known family.
import { basename } from 'node:path';
import type { GroupTensors, KernelsInFile, WeightsReference } from '@shared/link/studio';
import { UserError } from '@shared/base/user-error';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { FloatType } from '@shared/checkpoint/entries';
import { runStepsAsync, type MergeOptions } from '@shared/merge/merge-network';
import { leftSummaries, type GroupSummary } from '@shared/merge/recipes/summaries';
import { mergedNames } from '@shared/merge/recipes/bind-group';
import { mergedTensors } from '@shared/merge/recipes/merge-groups';
import { usualSettings } from '@shared/merge/recipes/settings';
import type { Left } from '@shared/merge/recipes/find-groups';
import { understand } from '@shared/model/recognise/understand';
import { bytesOfTensor, byteLengthOf } from '@shared/checkpoint/tensor-bytes';
import { tensorInfos, type NamedTensors, type Tensor, type TensorInfo } from '@shared/tensor/tensor';
import { understandFile } from '../../files/checkpoint-network';
import type { LoadedWeights } from '../checkpoint/loaded-weights';
import { chosenSet } from '../checkpoint/weight-sets-text';
import type { WeightsLibrary } from '../checkpoint/weights';
import type { BulkContent } from '../bulk';
import type { Studio } from '../studio';
import { mergeFamilies, planFamilies, planToVerify, verifyFamilies, type FamilyPlan, type JudgedFamilies } from './families';
import { mergedKernels } from './kernels';
import { asStored, mergedTensorsOf, type AskedPair } from './pair';
import type { RecipeChoice } from './recipe-groups';

type Watched = Pick<MergeOptions, 'onProgress' | 'signal'>;

/** A file whose plan is known, open until `use` is done. */
async function withPlan<T>(
  weights: WeightsLibrary,
  reference: WeightsReference,
  plan: typeof planFamilies | typeof planToVerify,
  use: (plan: FamilyPlan, file: CheckpointFile) => Promise<T>,
): Promise<T | null> {
  if (weights.mergedHere(reference)) return null;
  const { file, choices, done } = await weights.fileOf(reference);
  try {
    const said = choiceOf(weights.recipeChoice(reference), choices.eps);
    const found = await plan(file, understandFile(file, choices), said);
    return found && (await use(found, file));
  } finally {
    await done();
  }
}

function choiceOf(said: RecipeChoice, eps: number | null): RecipeChoice {
  return eps === null ? said : { ...said, eps: String(eps) };
}

/** Weights merged by recipes, and what was left. */
export interface MergedFamilyWeights {
  readonly loaded: LoadedWeights;
  readonly groups: readonly GroupSummary[];
  readonly left: readonly Left[];
}

/** Merges the groups of a file. Rejects with UserError where it has some and none can be merged. */
export function mergeFamiliesOf(weights: WeightsLibrary, reference: WeightsReference, watch: Watched): Promise<MergedFamilyWeights | null> {
  return withPlan(weights, reference, planFamilies, async (plan, file) => {
    const merged = await mergeFamilies(plan, await file.readAll(), (steps) => runStepsAsync(steps, watch));
    return { loaded: loadedFrom(file, plan, merged.weights), groups: merged.groups, left: merged.left };
  });
}

/** Merged tensors as weights: of no network that is known. */
function loadedFrom(file: CheckpointFile, { understood }: FamilyPlan, weights: NamedTensors): LoadedWeights {
  const fileName = `${understood.fileName}, merged`;
  const merged = understand({ fileName, tensors: tensorInfos(weights), moduleSettings: new Map() });
  return {
    ...{ spec: null, weights, fileName, set: chosenSet(file), inside: [], readAs: () => merged },
    unknown: `${fileName}, is of no network that is known here: its blocks were merged where they stand`,
    read: { understood: merged, stored: weights, weights },
  };
}

/** Judges merged weights, made here or elsewhere, against the training form they are said to come from. */
export function familyProof(
  weights: WeightsLibrary,
  { train, merged, storedAs, seed }: AskedPair & { readonly seed: number; readonly storedAs?: FloatType },
  watch: Watched,
): Promise<JudgedFamilies | null> {
  return withPlan(weights, train, planToVerify, async (plan, file) => {
    const other = await mergedTensorsOf(weights, merged);
    const stored = storedAs === undefined ? other : asStored(other, storedAs);
    return verifyFamilies(plan, { train: await file.readAll(), merged: stored, seed }, (steps) => runStepsAsync(steps, watch));
  });
}

/** The tensors of one group, for the walk through its steps. Rejects with UserError if there is none of that recipe at `at`. */
export async function groupTensors(
  { weights, bulk }: Studio,
  reference: WeightsReference,
  at: string,
  recipe: string,
): Promise<GroupTensors> {
  const found = await withPlan(weights, reference, planToVerify, async ({ chosen }, file) => {
    const group = chosen.found.groups.find((one) => one.prefix === at && one.recipe.name === recipe && one.form !== 'merged');
    if (group === undefined) throw new UserError(`${file.fileName} has no ${recipe} in training form at '${at}'`);
    const infos = file.tensors.filter(({ name }) => group.claims.includes(name));
    const tensors = infos.map((info) => ({ ...info, url: bulk.add(tensorWhenAsked(weights, reference, info), { once: true }) }));
    return { at, recipe: group.recipe, settings: { ...usualSettings(group), ...chosen.settings }, tensors };
  });
  if (found === null) throw new UserError('these weights hold no group of a known family in training form');
  return found;
}

/** The layers that the groups of a file are once merged. Rejects with UserError where there are groups and none can be merged. */
export async function listedKernels(weights: WeightsLibrary, reference: WeightsReference, watch: Watched): Promise<KernelsInFile | null> {
  if (weights.mergedHere(reference)) return null;
  const { file, choices, done } = await weights.fileOf(reference);
  try {
    const said = choiceOf(weights.recipeChoice(reference), choices.eps);
    const found = await mergedKernels(
      file,
      understandFile(file, choices),
      said,
      () => file.readAll(),
      (steps) => runStepsAsync(steps, watch),
    );
    if (found === null) return null;
    const kernels = found.kernels.map(({ path, name, recipe, shape, hasBias, stands }) => ({ path, name, recipe, shape, hasBias, stands }));
    return { fileName: basename(file.fileName), kernels, train: found.train, left: leftSummaries(found.left) };
  } finally {
    await done();
  }
}

/** The weight of this name that a group of a file has once it is merged, as a file would hold it. Rejects with UserError if there is none, or why it cannot be merged. */
export async function mergedTensor(weights: WeightsLibrary, reference: WeightsReference, name: string): Promise<Tensor> {
  const found = await withPlan(weights, reference, planToVerify, async ({ chosen }, file) => {
    const group = chosen.found.groups.find((one) => one.form !== 'merged' && mergedNames(one).includes(name));
    if (group === undefined) throw new UserError(`no group in ${file.fileName} has ${name} once it is merged`);
    const read = await Promise.all(group.claims.map(async (claim) => [claim, await file.read(claim)] as const));
    const tensor = mergedTensors({ ...group, form: 'train' }, new Map(read), chosen.settings).get(name);
    if (tensor === undefined)
      throw new UserError(`the ${group.recipe.title} at '${group.prefix}' has no ${name}: its branches are not in the file`);
    return tensor;
  });
  if (found === null) throw new UserError('these weights hold no group of a known family in training form');
  return found;
}

/** A tensor that is read when it is fetched. */
function tensorWhenAsked(weights: WeightsLibrary, reference: WeightsReference, { name, dtype, shape }: TensorInfo): BulkContent {
  const produce = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const { file, done } = await weights.fileOf(reference);
    return file
      .read(name)
      .then((tensor) => bytesOfTensor(tensor).slice())
      .finally(done);
  };
  return { kind: 'lazy', length: byteLengthOf(dtype, shape), produce };
}
