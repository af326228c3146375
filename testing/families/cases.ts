// The reference cases of re-parameterized families: official code's weights, inputs and outputs in both forms, and the numbers
// that a merge needs and the weights do not hold.
import { readFileSync } from 'node:fs';
import { group, referencePath, tensorsOf } from '../../tests/reference';
import type { GivenSettings } from '@shared/merge/recipes/settings';
import { findGroups, type FoundGroups } from '@shared/merge/recipes/find-groups';
import { mergeGroups, type MergedGroups } from '@shared/merge/recipes/merge-groups';
import { tensorInfos, type Tensor } from '@shared/tensor/tensor';

/** The convolution a merged block is. */
export interface MergedConv {
  readonly key: string;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
  readonly after: string;
}

/** One case of families/index.json. */
export interface FamilyCase {
  readonly id: string;
  readonly file: string;
  readonly family: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly bn_eps?: number;
  readonly official_conversion_equivalent: boolean;
  readonly exact_single_conv_exists?: boolean;
  readonly merged_conv?: MergedConv;
  readonly small_input_shape?: readonly number[];
  readonly groups_of_tensors: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
}

export const familyCases = (JSON.parse(readFileSync(referencePath('families/index.json'), 'utf8')) as { cases: FamilyCase[] }).cases;

/** The case of this name. Throws where there is none. */
export function familyCase(id: string): FamilyCase {
  const found = familyCases.find((one) => one.id === id);
  if (!found) throw new Error(`there is no case ${id}`);
  return found;
}

/** A case's tensors. */
export function caseTensors({ file }: FamilyCase): Map<string, Tensor> {
  return tensorsOf(`families/${file}`);
}

/** Its weights in training form. */
export function trainWeights(one: FamilyCase): Map<string, Tensor> {
  return group(caseTensors(one), 'train');
}

interface LoraLayer {
  readonly name: string;
  readonly alpha?: number;
  readonly fan_in_fan_out?: boolean;
}

/** What a user says about a case: eps, an adapter's scale, idle channels. */
export function settingsOf({ config, bn_eps }: FamilyCase): GivenSettings {
  const numbers: Record<string, number> = {};
  if (bn_eps !== undefined) numbers.eps = bn_eps;
  for (const name of ['scale', 'alpha', 'idle']) if (typeof config[name] === 'number') numbers[name] = config[name];
  if (config.rslora === true) numbers.rslora = 1;
  for (const { name, alpha, fan_in_fan_out } of (config.layers ?? []) as LoraLayer[]) {
    if (alpha !== undefined) numbers[`${name}:alpha`] = alpha;
    if (fan_in_fan_out) numbers[`${name}:fan_in_fan_out`] = 1;
  }
  return numbers;
}

/** The recipe a user has to name for a case: where names alone do not tell. */
export function namedRecipes({ family }: FamilyCase): string[] {
  if (family === 'yolov9') return ['yolov9-repconvn'];
  if (family === 'rtdetrv2_csp') return ['rtdetrv2-csp'];
  return family === 'repvit_residual_plain_conv' ? ['repvit-residual-conv'] : [];
}

/** A case's weights merged as a user would. */
export function mergedCase(one: FamilyCase): MergedGroups & { readonly train: Map<string, Tensor>; readonly found: FoundGroups } {
  const train = trainWeights(one);
  const found = findGroups(tensorInfos(train), { named: namedRecipes(one) });
  return { ...mergeGroups(train, found, { settings: settingsOf(one) }), train, found };
}
