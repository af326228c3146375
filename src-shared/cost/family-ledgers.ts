// The ledgers of a file of an unknown network by what recipes find in it: its merged layers, and the branches that they were where
// the recipes tell what runs. One use-case for the command line and the window.
import { z } from 'zod';
import { sizes, type Stored } from '../base/sent';
import type { Pair } from '../model/spec';
import type { Convention } from './convention';
import { countedLayerSchema, kernelLedger, type CountedKernel } from './kernel-ledger';
import type { Ledger } from './ledger';
import { groupsShown, isKernel } from '../merge/kernel-matrix';

const trainLayers = z.union([z.object({ layers: z.array(countedLayerSchema) }), z.object({ layers: z.null(), reason: z.string() })]);
/** What the training form of a file's groups runs; null with the reason where a recipe does not tell it of some. */
export type TrainLayers = Stored<z.infer<typeof trainLayers>>;

export const mergedLayerSchema = z.object({
  path: z.string(),
  /** (O, C, K, L) or (O, I). */
  shape: sizes,
  hasBias: z.boolean(),
});
/** A merged layer as it is counted. */
export type MergedLayer = Stored<z.infer<typeof mergedLayerSchema>>;

export const countedFileSchema = z.object({ fileName: z.string(), kernels: z.array(mergedLayerSchema), train: trainLayers });
/** What of a file is counted. */
export type CountedFile = Stored<z.infer<typeof countedFileSchema>>;

/** Both ledgers on a map (h, w); no train form, with the reason, where recipes do not tell it. */
export interface FamilyLedgers {
  readonly train: Ledger | null;
  readonly merged: Ledger;
  readonly reason: string | null;
}

/** Counts a file's merged layers, and their branches. Throws UserError for a layer that is neither kernel nor matrix. */
export function familyLedgers({ fileName: name, kernels, train }: CountedFile, map: Pair, convention: Convention): FamilyLedgers {
  const merged = kernelLedger({ name, form: 'merged', layers: kernels.map(countedKernel) }, map, convention);
  if (train.layers === null) return { train: null, merged, reason: train.reason };
  return { train: kernelLedger({ name, form: 'train', layers: train.layers }, map, convention), merged, reason: null };
}

/** A merged layer, to be counted: depthwise where its shape shows it, else of one group. */
export function countedKernel({ path, shape, hasBias }: MergedLayer): CountedKernel {
  return { kind: 'kernel', path, shape, hasBias, groups: isKernel(shape) ? groupsShown(shape) : 1 };
}
