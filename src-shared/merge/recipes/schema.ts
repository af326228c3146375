// The schema of a merge recipe: one re-parameterized family, or one naming of it, as data. A recipe says which tensors
// make a group, how they are computed into the merged ones (steps over a small algebra) and what the result is called.
import { z } from 'zod';
import type { Stored } from '../../base/sent';
import { formulaSchema } from './formula';

const name = z.string().regex(/^[A-Za-z][\w]*$/, 'names start with a letter and hold letters, digits and _');
/** Keys are relative to the group's prefix; `{i}` stands for an index, `{prefix}` places the prefix elsewhere than in front. */
const key = z.string().regex(/^[\w.{}-]*$/, 'keys hold letters, digits, _, -, dots and {indexes}');
const glob = z.string().min(1);
const size = z.union([z.number().int().positive(), z.string().regex(/^[A-Za-z]\w*$/, 'a size is a whole number or a name')]);
const optional = z.boolean().optional();
const words = z.string().min(1);

const partSchema = z.discriminatedUnion('kind', [
  /** A convolution or linear layer: `<at>.weight` and perhaps `<at>.bias`. */
  z.strictObject({
    kind: z.literal('layer'),
    at: key,
    shape: z.array(size).min(2).max(4),
    bias: z.enum(['none', 'optional', 'required']),
    /** Length of the bias where it is not the first size of the weight (a matrix stored turned). */
    biasSize: size.optional(),
    optional,
    ifMissing: words.optional(),
  }),
  /** A batch norm: `<at>.running_mean`, `.running_var`, and `.weight`, `.bias` unless it is not affine. */
  z.strictObject({ kind: z.literal('norm'), at: key, channels: size, optional, ifMissing: words.optional() }),
  /** A tensor under its own key. */
  z.strictObject({ kind: z.literal('tensor'), key, shape: z.array(size).max(4), optional, ifMissing: words.optional() }),
]);

const step = { name, explain: words, ifAbsent: z.literal('keep').optional() };
const stepSchema = z.discriminatedUnion('op', [
  z.strictObject({ ...step, op: z.literal('foldBnAfter'), of: name, bn: name }),
  z.strictObject({ ...step, op: z.literal('foldBnBefore'), of: name, bn: name }),
  z.strictObject({ ...step, op: z.literal('foldShiftBefore'), of: name, shift: name }),
  z.strictObject({
    ...step,
    op: z.literal('scale'),
    of: name,
    by: name,
    row: z.number().int().nonnegative().optional(),
    zeroMeansOne: optional,
  }),
  z.strictObject({ ...step, op: z.literal('multiply'), of: name, by: formulaSchema }),
  z.strictObject({ ...step, op: z.literal('identityKernel'), like: name }),
  z.strictObject({ ...step, op: z.literal('averagePoolKernel'), like: name }),
  z.strictObject({ ...step, op: z.literal('padTo'), of: name, like: name }),
  z.strictObject({ ...step, op: z.literal('dilateToDense'), of: name, rate: formulaSchema }),
  z.strictObject({ ...step, op: z.literal('compose1x1ThenKxK'), first: name, second: name, padding: z.enum(['zero', 'carriesBias']) }),
  z.strictObject({ ...step, op: z.literal('composeKxKThen1x1'), first: name, second: name }),
  z.strictObject({ ...step, op: z.literal('composeDepthwiseThen1x1'), first: name, second: name, like: name }),
  z.strictObject({ ...step, op: z.literal('composeRowColumn'), first: name, second: name }),
  z.strictObject({ ...step, op: z.literal('linearThenLinear'), first: name, second: name }),
  z.strictObject({ ...step, op: z.literal('add'), of: z.array(name).min(1) }),
  z.strictObject({ ...step, op: z.literal('subtract'), from: name, take: name }),
  z.strictObject({ ...step, op: z.literal('concatGroups'), of: z.array(name).min(1) }),
  z.strictObject({ ...step, op: z.literal('blockDiagonal'), of: name, groups: formulaSchema }),
  z.strictObject({ ...step, op: z.literal('interleaveOutputs'), of: name, groups: formulaSchema }),
  z.strictObject({ ...step, op: z.literal('takeOutputs'), of: name, from: formulaSchema, to: formulaSchema, mayBeEmpty: optional }),
  z.strictObject({ ...step, op: z.literal('takeInputs'), of: name, from: formulaSchema, to: formulaSchema, mayBeEmpty: optional }),
  z.strictObject({ ...step, op: z.literal('weightOnly'), of: name }),
  z.strictObject({ ...step, op: z.literal('repeatOutputs'), of: name, times: formulaSchema }),
  z.strictObject({ ...step, op: z.literal('reshape'), of: name, shape: z.array(formulaSchema).min(2).max(4) }),
  z.strictObject({ ...step, op: z.literal('transpose'), of: name, when: formulaSchema.optional() }),
  z.strictObject({ ...step, op: z.literal('refocus'), of: name, map: name }),
  z.strictObject({ ...step, op: z.literal('convToFc'), of: name, height: formulaSchema, width: formulaSchema }),
]);

const settingSchema = z.strictObject({
  /** The value where none is given; without it the group is refused until the user gives one. */
  default: z.union([z.number(), z.boolean()]).optional(),
  about: words,
  /** Another default where names found anywhere in the file speak for it; `says` is said with every merge. */
  where: z.array(z.strictObject({ evidence: z.array(glob).min(1), default: z.number(), says: words })).optional(),
});

export const recipeSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal('repmlp-merge-recipe'),
  version: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a recipe is named in small letters, digits and -'),
  family: words,
  title: words,
  source: z.strictObject({ paper: words.optional(), repository: words }),
  formula: words,
  about: words,
  /** Numbers that the weights do not hold. */
  settings: z.record(name, settingSchema),
  /** Which prefixes may be a group: a pattern with `*`; any where it is left out. */
  prefix: glob.optional(),
  /** Names which, found anywhere in the file, speak for this recipe among several that fit. */
  evidence: z.array(glob).optional(),
  /** Chosen among several that fit where no evidence decides. */
  usual: optional,
  /** Only merged when the user names the recipe: the names alone do not show it. */
  onRequest: optional,
  /** What is assumed that the file does not show; said with every merge. */
  assumes: words.optional(),
  /** One group that does not fit speaks against all groups of this recipe in the file. */
  allOrNone: optional,
  parts: z.record(name, partSchema),
  /** Tensors below the prefix that belong to the block and stay as they are. */
  keeps: z.array(glob).optional(),
  /** Below these everything must be a part or kept: what is not stops the merge. All below the prefix where left out. */
  owns: z.array(glob).optional(),
  /** Sizes with which the group is not merged: a formula that is not 0, and why. */
  refuseWhen: z.array(z.strictObject({ when: formulaSchema, reason: words })).optional(),
  /** Where the merged tensors cannot come from this block at all: the reason, in place of steps and merged. */
  refuses: words.optional(),
  /** With `refuses`: only says why the block as a whole is no single layer; its tensors stay free for other recipes. */
  onlySays: optional,
  steps: z.array(stepSchema),
  /** Module of the merged form, relative to the prefix -> the step it is. Written as `<module>.weight` and `<module>.bias`. */
  merged: z.record(key, name),
  /** Whether the merged form can be told by its names; false where it looks like any plain layer. */
  mergedShows: z.boolean(),
  /** The official conversion leaves the branches in the file beside the merged layer: odd, not wrong. */
  mayKeepBranches: optional,
  /** Removed from the front of every name of the file once a group is merged (wrapped models). */
  strip: z.string().optional(),
});

export type Recipe = Stored<z.infer<typeof recipeSchema>>;
export type Part = Stored<z.infer<typeof partSchema>>;
export type Step = Stored<z.infer<typeof stepSchema>>;
export type Setting = Stored<z.infer<typeof settingSchema>>;

/** The published JSON Schema (draft 2020-12) of a recipe file. */
export function recipeJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(recipeSchema, { io: 'input' });
  return { $id: 'repmlp-merge-recipe-1', title: 'Merge recipe of RepMLP Studio, version 1', ...schema };
}
