// What `verify` and the merge tell: the shapes shared by engine, command line, window and report.
import type { Form } from '../model/spec';
import type { DType } from '../tensor/tensor';
import type { GroupSummary, LeftSummary } from './recipes/summaries';

/** One compared layer; the leaf of a single-block network goes by the network's name, the network's output by `output`. */
export interface LayerComparison {
  readonly path: string;
  readonly kind: string;
  /** Largest |train - merged| over all outputs of this layer. */
  readonly maxAbs: number;
  /** maxAbs divided by the largest |train| of the layer. */
  readonly maxRel: number;
  /** Largest |train|. */
  readonly scale: number;
  readonly tolerance: number;
  readonly equivalent: boolean;
  /** A weight of this layer that is NaN, infinite or a negative variance, in words: then nothing is equivalent, whatever the outputs; null otherwise. */
  readonly unusable: string | null;
  /** Where maxAbs occurred: index into the output shape, with both values. */
  readonly worst: { readonly index: readonly number[]; readonly train: number; readonly merged: number };
}

/** What half-precision storage of the weights has to do with a difference; `verify` allows for it and says so. */
export interface StoredPrecision {
  /** Floating types in each file, coarsest first. */
  readonly train: readonly DType[];
  readonly merged: readonly DType[];
  /** The forms whose rounding is allowed for, and the coarsest type they were rounded to. */
  readonly rounded: readonly Form[];
  readonly type: 'float16' | 'bfloat16';
  /** Largest relative error of one rounding to that type: 2^-11 or 2^-8. */
  readonly unitRoundoff: number;
  /** How far roundings of that size, drawn at random, moved the output: maxAbs relative to the largest output. */
  readonly effect: number;
  /** Whether all layers agree without any allowance for stored rounding. */
  readonly equivalentWithout: boolean;
  /** All of this in a sentence. */
  readonly text: string;
}

/** Verdict on a train-form and a merged-form network. */
export interface VerifyReport {
  readonly equivalent: boolean;
  readonly tolerance: number;
  readonly toleranceReason: string;
  /** Null where both forms are stored in single precision or better. */
  readonly storage: StoredPrecision | null;
  readonly maxAbs: number;
  readonly maxRel: number;
  /** Share of samples whose largest output is at the same place, for (N, classes) outputs; null otherwise. */
  readonly argMaxAgreement: number | null;
  readonly layers: readonly LayerComparison[];
  readonly firstDivergentLayer: string | null;
  readonly backend: string;
  readonly inputs: VerifyInputs;
}

/** What both forms were run on. */
export interface VerifyInputs {
  readonly source: string;
  /** (N, C, H, W); null where blocks were run one by one on inputs of their own. */
  readonly shape: readonly number[] | null;
  /** Of random values; null where they were given. */
  readonly seed: number | null;
  /** The inputs of blocks that were run one by one. */
  readonly blocks?: readonly { readonly path: string; readonly shape: readonly number[] }[];
}

/** Progress of a merge over the layers of a network. */
export interface MergeProgress {
  readonly done: number;
  readonly total: number;
  readonly layer: string;
}

/** One array of a merge step, e.g. the 3x3 kernel after its BN was folded in. */
export interface MergeStepArray {
  readonly label: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One step of the merge of one block, in the paper's words, with the arrays before and after it. */
export interface MergeStep {
  readonly id: 'bn-into-fc' | 'bn-into-conv' | 'pad' | 'conv-to-fc' | 'add' | 'pool-bn-into-fc1';
  readonly title: string;
  readonly formula: string;
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

/** A merged network's form says what was done to it. */
export interface MergeSummary {
  readonly form: Form;
  readonly mergedLayers: readonly string[];
  readonly milliseconds: number;
  /** Groups merged by recipes, and what was left and why; absent where none were looked for. */
  readonly groups?: readonly GroupSummary[];
  readonly left?: readonly LeftSummary[];
}
