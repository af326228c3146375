// A network being trained: weights and optimizer moments on the backend, one step at a time. The
// training loop (loop.ts) knows only this interface.
import { z } from 'zod';
import { count, floats, type Stored } from '../../base/sent';
import type { NamedTensors } from '../../tensor/tensor';
import type { ParameterNorm } from '../recipe/event';

export const batchSchema = z.object({
  /** NCHW float32. */
  images: floats,
  shape: z.tuple([count, count, count, count]),
  /** (N, classes) soft targets; or per-pixel class indices (N, H, W) with 255 = ignored. */
  targets: z.custom<Float32Array | Int32Array>((value) => value instanceof Float32Array || value instanceof Int32Array),
});
/** One normalised batch. */
export type Batch = Stored<z.infer<typeof batchSchema>>;

/** What one step reports; reading it waits for the backend, so ask every few steps only. */
export interface StepResult {
  /** Mean loss and share of right predictions (or pixels) of the batch. */
  read(): Promise<{ readonly loss: number; readonly metric: number }>;
  /** Norms of parameters and gradients, where the step was asked to measure them; to be called once. */
  readonly norms?: () => Promise<readonly ParameterNorm[]>;
  /** What failed before the step was done, in words; it was made again, and is what it would have been. */
  readonly remarks?: readonly string[];
}

export interface TrainingSession {
  /**
   * Forward in training mode, gradients, optimizer, running statistics. A step that throws has changed nothing; if it
   * throws HalfStep it has, and weights and state are not to be had any more.
   */
  step(batch: Batch, learningRate: number, options?: { readonly norms: boolean }): StepResult;
  /** Network output in eval mode: (N, classes) or (N, classes, H, W). */
  predict(images: Float32Array, shape: readonly [number, number, number, number]): Promise<Float32Array>;
  /** As `predict` without the cosine classifier of a face network: embeddings (N, D). */
  embed(images: Float32Array, shape: readonly [number, number, number, number]): Promise<Float32Array>;
  /** The state dict now (EMA weights where the recipe has an EMA). */
  weights(): Promise<NamedTensors>;
  /** Optimizer moments and step counter. */
  state(): Promise<NamedTensors>;
  /** Tensors and bytes alive on the backend. */
  memory(): { readonly tensors: number; readonly bytes: number };
  dispose(): void;
}
