// An ablation: the variants of a network trained one after the other with the same data, recipe and seeds. The
// service keeps the list, so that it goes on without the window that asked for it. Invariant: at most one variant
// is under way, and those after it wait.
import { z } from 'zod';
import type { Stored } from '../base/sent';
import { strictObject } from '../model/strict-object';
import type { TrainingState } from './recipe/event';
import { trainingConfigSchema } from './recipe/recipe-schema';

/** A variant asked for: what it starts from, and what its run is to be called. */
export const askedVariantSchema = strictObject({ config: trainingConfigSchema, name: z.string() });
export type AskedVariant = Stored<z.infer<typeof askedVariantSchema>>;

export const VARIANT_STATES = ['waiting', 'training', 'finished', 'stopped', 'failed'] as const;
export type VariantState = (typeof VARIANT_STATES)[number];

const variant = z.object({ model: z.string(), run: z.string().nullable(), state: z.enum(VARIANT_STATES) });
/** Where one variant stands; `run` is null until it has begun. */
export type AblationVariant = Stored<z.infer<typeof variant>>;

export const ablationStatusSchema = z.object({
  variants: z.array(variant),
  underWay: z.boolean(),
  /** Why it ended before its last variant, in words; empty otherwise. */
  ended: z.string(),
});
/** Where an ablation stands. */
export type AblationStatus = Stored<z.infer<typeof ablationStatusSchema>>;

/** What the end of a variant's training makes of it. A run that ended without a word can be resumed, like one that was stopped. */
export function variantStateAfter(state: TrainingState): VariantState {
  return state === 'finished' || state === 'failed' ? state : 'stopped';
}
