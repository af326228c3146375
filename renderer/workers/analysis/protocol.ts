// What the window asks its analysis worker, and what comes back. Heavy pure work runs there, so that
// the window never stands still.
import type { BlockTensors } from '@shared/link/studio';
import type { MergeStep } from '@shared/merge/report';
import type { EmbeddedReference } from '@shared/dataset/embedded/embedded';
import type { PictureChoice, ShownPicture } from '@shared/dataset/shown-picture';
import type { BlockPattern } from '@shared/pattern/analyse';
import type { MatrixDetail } from '@shared/pattern/detail';
import type { ReducedMatrix } from '@shared/matrix/reduce';

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
  readonly kind: 'steps';
  readonly block: BlockTensors;
  /** Longest side of a picture in cells. */
  readonly limit: number;
}

/** The analysis of a train-form block. */
export interface PatternRequest {
  readonly kind: 'pattern';
  /** Names the block's matrices, which the worker keeps until it is asked about another block, for closer looks. */
  readonly key: string;
  readonly block: BlockTensors;
}

/** A closer look at the matrices named `key`. */
export interface DetailRequest extends Omit<PatternRequest, 'kind'> {
  readonly kind: 'detail';
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
  readonly kind: 'image';
  readonly dataset: EmbeddedReference;
  readonly of: PictureChoice;
}

/** The translation-invariant kernels (2h-1, 2w-1) of one channel pair. */
export interface KernelRequest extends Omit<PatternRequest, 'kind'> {
  readonly kind: 'kernel';
  readonly outputChannel: number;
  /** Within the output channel's group. */
  readonly inputChannel: number;
}

export type PairKernels = Readonly<Record<'before' | 'added' | 'after', Float32Array>>;

/** What each kind of request is answered with. */
export interface AnswerOf {
  readonly steps: readonly ShownStep[];
  readonly pattern: BlockPattern;
  readonly detail: BlockDetail;
  readonly image: ShownPicture;
  readonly kernel: PairKernels;
}

export type WorkerRequest = StepsRequest | PatternRequest | DetailRequest | ImageRequest | KernelRequest;
export type WorkerReply = { readonly id: number } & ({ readonly result: AnswerOf[keyof AnswerOf] } | { readonly problem: string });
