// What `verify` and the merge tell: the shapes shared by engine, command line, window and report.
import { z } from 'zod';
import { computed, count, sizes, type Stored } from '../base/sent';
import { form } from '../model/leaves/fields';
import { DTYPES } from '../tensor/tensor';
import { groupSummarySchema, leftSummarySchema } from './recipes/summaries';

const layerComparison = z.object({
  path: z.string(),
  kind: z.string(),
  /** Largest |train - merged| over all outputs of this layer. */
  maxAbs: computed,
  /** maxAbs divided by the largest |train| of the layer. */
  maxRel: computed,
  /** Largest |train|. */
  scale: computed,
  tolerance: computed,
  equivalent: z.boolean(),
  /** A weight of this layer that is NaN, infinite or a negative variance, in words: then nothing is equivalent, whatever the outputs; null otherwise. */
  unusable: z.string().nullable(),
  /** Where maxAbs occurred: index into the output shape, with both values. */
  worst: z.object({ index: z.array(count), train: computed, merged: computed }),
});
/** One compared layer; the leaf of a single-block network goes by the network's name, the network's output by `output`. */
export type LayerComparison = Stored<z.infer<typeof layerComparison>>;

const storedPrecision = z.object({
  /** Floating types in each file, coarsest first. */
  train: z.array(z.enum(DTYPES)),
  merged: z.array(z.enum(DTYPES)),
  /** The forms whose rounding is allowed for, and the coarsest type they were rounded to. */
  rounded: z.array(form),
  type: z.enum(['float16', 'bfloat16']),
  /** Largest relative error of one rounding to that type: 2^-11 or 2^-8. */
  unitRoundoff: z.number(),
  /** How far roundings of that size, drawn at random, moved the output: maxAbs relative to the largest output. */
  effect: computed,
  /** Whether all layers agree without any allowance for stored rounding. */
  equivalentWithout: z.boolean(),
  /** All of this in a sentence. */
  text: z.string(),
});
/** What half-precision storage of the weights has to do with a difference; `verify` allows for it and says so. */
export type StoredPrecision = Stored<z.infer<typeof storedPrecision>>;

const verifyInputs = z.object({
  source: z.string(),
  /** (N, C, H, W); null where blocks were run one by one on inputs of their own. */
  shape: sizes.nullable(),
  /** Of random values; null where they were given. */
  seed: z.number().nullable(),
  /** The inputs of blocks that were run one by one. */
  blocks: z.array(z.object({ path: z.string(), shape: sizes })).optional(),
});
/** What both forms were run on. */
export type VerifyInputs = Stored<z.infer<typeof verifyInputs>>;

export const verifyReportSchema = z.object({
  equivalent: z.boolean(),
  tolerance: computed,
  toleranceReason: z.string(),
  /** Null where both forms are stored in single precision or better. */
  storage: storedPrecision.nullable(),
  maxAbs: computed,
  maxRel: computed,
  /** Share of samples whose largest output is at the same place, for (N, classes) outputs; null otherwise. */
  argMaxAgreement: computed.nullable(),
  layers: z.array(layerComparison),
  firstDivergentLayer: z.string().nullable(),
  backend: z.string(),
  inputs: verifyInputs,
});
/** Verdict on a train-form and a merged-form network. */
export type VerifyReport = Stored<z.infer<typeof verifyReportSchema>>;

export const exportVerdictSchema = z.object({
  equivalent: z.boolean(),
  form,
  /** Train against merged form, where the network was merged for this export; null otherwise. */
  merge: verifyReportSchema.nullable(),
  /** The forward pass here against ONNX Runtime, layer by layer. */
  onnx: verifyReportSchema,
});
/** What was found of an exported ONNX model. */
export type ExportVerdict = Stored<z.infer<typeof exportVerdictSchema>>;

export const mergeProgressSchema = z.object({ done: count, total: count, layer: z.string() });
/** Progress of a merge over the layers of a network. */
export type MergeProgress = Stored<z.infer<typeof mergeProgressSchema>>;

/** One array of a merge step, e.g. the 3x3 kernel after its BN was folded in. */
export interface MergeStepArray {
  readonly label: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const mergeStepSchema = z.object({
  id: z.enum(['bn-into-fc', 'bn-into-conv', 'pad', 'conv-to-fc', 'add', 'pool-bn-into-fc1']),
  title: z.string(),
  formula: z.string(),
});
/** One step of the merge of one block, in the paper's words, with the arrays before and after it. */
export interface MergeStep extends Stored<z.infer<typeof mergeStepSchema>> {
  readonly before: readonly MergeStepArray[];
  readonly after: readonly MergeStepArray[];
}

/** FC3 of one block as (O*h*w, C*h*w/g) matrices: BN-folded FC alone, what the branches add, the merged result. */
export interface BlockMatrices {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly before: Float32Array;
  readonly added: Float32Array;
  readonly after: Float32Array;
}

export const mergeSummarySchema = z.object({
  form,
  mergedLayers: z.array(z.string()),
  milliseconds: computed,
  /** Groups merged by recipes, and what was left and why; absent where none were looked for. */
  groups: z.array(groupSummarySchema).optional(),
  left: z.array(leftSummarySchema).optional(),
});
/** A merged network's form says what was done to it. */
export type MergeSummary = Stored<z.infer<typeof mergeSummarySchema>>;
