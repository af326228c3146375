// An ablation: the variants of a network trained one after the other with the same data, recipe and seeds. The
// service keeps the list, so that it goes on without the window that asked for it. Invariant: at most one variant
// is under way, and those after it wait.
import { z } from 'zod';
import { strictObject } from '../model/strict-object';
import type { TrainingState } from './recipe/recipe';
import { trainingConfigSchema, type Stored } from './recipe/recipe-schema';

/** A variant asked for: what it starts from, and what its run is to be called. */
export const askedVariantSchema = strictObject({ config: trainingConfigSchema, name: z.string() });
export type AskedVariant = Stored<z.infer<typeof askedVariantSchema>>;

export const VARIANT_STATES = ['waiting', 'training', 'finished', 'stopped', 'failed'] as const;
export type VariantState = (typeof VARIANT_STATES)[number];

/** Where one variant stands; `run` is null until it has begun. */
export interface AblationVariant {
  readonly model: string;
  readonly run: string | null;
  readonly state: VariantState;
}

/** Where an ablation stands. */
export interface AblationStatus {
  readonly variants: readonly AblationVariant[];
  readonly underWay: boolean;
  /** Why it ended before its last variant, in words; empty otherwise. */
  readonly ended: string;
}

/** What the end of a variant's training makes of it. A run that ended without a word can be resumed, like one that was stopped. */
export function variantStateAfter(state: TrainingState): VariantState {
  return state === 'finished' || state === 'failed' ? state : 'stopped';
}
