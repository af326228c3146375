// The schemas of a data set's reference, as run.json, figure recipes and the contract hold it, and of one that is settled.
import { z } from 'zod';
import { LARGEST_SEED, seed } from '../tensor/random';

/** The embedded data sets by name. */
export const EMBEDDED_NAMES = ['shapes', 'digits', 'faces', 'faces-unaligned', 'streets'] as const;

/** Most samples of a split: an epoch's order of them is held in memory. */
export const MOST_DRAWN = 10_000_000;

const count = z.number().int().min(1).max(MOST_DRAWN).optional();

/** A seed as JSON holds it: a whole number of 32 bits. */
export const seedSchema = z.number().int().min(0).max(LARGEST_SEED).transform(seed);

export const embeddedSchema = z.strictObject({
  kind: z.literal('embedded'),
  name: z.enum(EMBEDDED_NAMES),
  seed: seedSchema,
  trainCount: count,
  validationCount: count,
});
const folder = z.strictObject({
  kind: z.literal('folder'),
  path: z
    .string()
    .min(1, 'is empty')
    .refine((path) => !path.includes('\0'), 'has a zero byte, which no path has'),
  layout: z.string().optional(),
});

/** Where data comes from: drawn by ourselves, or a folder in a published layout. */
export const datasetReferenceSchema = z.discriminatedUnion('kind', [embeddedSchema, folder]);

/** A data set whose layout is fixed. */
export const settledDatasetSchema = z.object({
  reference: datasetReferenceSchema,
  /** What was decided for the user, in words; null where the files left nothing to decide. */
  note: z.string().nullable(),
  /** The layout that was not taken, where there was one to choose. */
  otherwise: z.enum(['folders', 'identities']).nullable(),
});
