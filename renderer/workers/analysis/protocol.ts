// What the window asks its analysis worker, and what comes back. Heavy pure work runs there, so that
// the window never stands still.
import { oc, type } from '@orpc/contract';
import type { BlockTensors, GroupTensors } from '@shared/link/studio';
import type { PicturedStep } from '@shared/merge/recipes/walk/step-pictures';
import type { MergeStep } from '@shared/merge/report';
import type { EmbeddedReference } from '@shared/dataset/embedded/embedded';
import type { PictureChoice, ShownPicture } from '@shared/dataset/shown-picture';
import type { Pair } from '@shared/model/spec';
import type { BlockPattern } from '@shared/pattern/analyse';
import type { KernelPattern } from '@shared/pattern/kernel-pattern';
import type { MatrixDetail } from '@shared/pattern/detail';
import type { ReducedMatrix } from '@shared/matrix/reduce-to-page';

/** One array of a step, reduced for the screen. */
export interface ShownArray {
  readonly label: string;
  readonly shape: readonly number[];
  readonly picture: ReducedMatrix;
}

/** One merge step with its arrays as pictures. */
export interface ShownStep extends Omit<MergeStep, 'before' | 'after'> {
  readonly before: readonly ShownArray[];
  readonly after: readonly ShownArray[];
}

/** The merge of a train-form block step by step. The worker fetches a block's tensors itself, for this and for what follows. */
export interface StepsRequest {
  readonly block: BlockTensors;
  /** Longest side of a picture in cells. */
  readonly limit: number;
}

/** The merge of a group of a re-parameterized family step by step. */
export interface FamilyStepsRequest {
  readonly group: GroupTensors;
  /** Longest side of a picture in cells. */
  readonly limit: number;
}

/** The analysis of a train-form block. */
export interface PatternRequest {
  /** Names the block's matrices, which the worker keeps until it is asked about another block, for closer looks. */
  readonly key: string;
  readonly block: BlockTensors;
}

/** A closer look at the matrices named `key`. */
export interface DetailRequest extends PatternRequest {
  /** null: all groups together. */
  readonly group: number | null;
}

/** Closer looks at both matrices of a block. */
export interface BlockDetail {
  readonly before: MatrixDetail;
  readonly after: MatrixDetail;
}

/** A picture of a drawn data set: one sample, or the mean over the first samples of a class. */
export interface ImageRequest {
  readonly dataset: EmbeddedReference;
  readonly of: PictureChoice;
}

/** The translation-invariant kernels (2h-1, 2w-1) of one channel pair. */
export interface KernelRequest extends PatternRequest {
  readonly outputChannel: number;
  /** Within the output channel's group. */
  readonly inputChannel: number;
}

/** The pattern of a merged kernel on a map. */
export interface KernelPatternRequest {
  readonly path: string;
  readonly recipe: string;
  /** (O, C, K, L). */
  readonly shape: readonly number[];
  /** The kernel's values, float32. */
  readonly url: string;
  /** null: on a usual one. */
  readonly map: Pair | null;
}

export type PairKernels = Readonly<Record<'before' | 'added' | 'after', Float32Array>>;

export const analysisContract = {
  steps: oc.input(type<StepsRequest>()).output(type<readonly ShownStep[]>()),
  familySteps: oc.input(type<FamilyStepsRequest>()).output(type<readonly PicturedStep[]>()),
  pattern: oc.input(type<PatternRequest>()).output(type<BlockPattern>()),
  detail: oc.input(type<DetailRequest>()).output(type<BlockDetail>()),
  image: oc.input(type<ImageRequest>()).output(type<ShownPicture>()),
  kernel: oc.input(type<KernelRequest>()).output(type<PairKernels>()),
  kernelPattern: oc.input(type<KernelPatternRequest>()).output(type<KernelPattern>()),
};
export type AnalysisContract = typeof analysisContract;
