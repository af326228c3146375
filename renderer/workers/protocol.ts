// What the window asks its analysis worker, and what comes back. Heavy pure work runs there, so that
// the window never stands still.
import type { BlockTensors } from '@shared/contract/studio';
import type { RepBlock } from '@shared/model/spec';
import type { BlockMatrices, MergeStep } from '@shared/merge/report';
import type { BlockPattern } from '@shared/pattern/analyse';
import type { ReducedMatrix } from '../state/reduce';

/** A tensor as fetched: its directory entry and raw bytes. */
export type FetchedTensor = Omit<BlockTensors['tensors'][number], 'url'> & { readonly bytes: ArrayBuffer };

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

export interface StepsRequest {
  readonly kind: 'steps';
  readonly path: string;
  readonly layer: RepBlock;
  readonly tensors: readonly FetchedTensor[];
  /** Longest side of a picture in cells. */
  readonly limit: number;
}

export interface PatternRequest {
  readonly kind: 'pattern';
  readonly matrices: BlockMatrices;
  readonly layer: RepBlock;
}

/** What each kind of request is answered with. */
export interface AnswerOf {
  readonly steps: readonly ShownStep[];
  readonly pattern: BlockPattern;
}

export type WorkerRequest = StepsRequest | PatternRequest;
export type WorkerReply = { readonly id: number } & ({ readonly result: AnswerOf[keyof AnswerOf] } | { readonly problem: string });
