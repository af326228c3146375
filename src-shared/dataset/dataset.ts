// What a data set is to training and evaluation: a finite, indexable set of samples that are drawn or
// read on demand, so that it need not fit in memory.
import type { z } from 'zod';
import type { Stored } from '../base/sent';
import type { Task } from '../model/spec';
import type { EMBEDDED_NAMES, datasetReferenceSchema, settledDatasetSchema } from './reference-schema';

/** Pixel label that counts nowhere. */
export const IGNORED = 255;

/** One decoded sample: uint8 pixels, HWC, and its label. */
export interface Sample {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Class or identity index; for segmentation the class of each pixel (IGNORED where it counts nowhere). */
  readonly label: number | Uint8Array;
}

/** A split of a data set. */
export interface SampleSource {
  readonly name: string;
  readonly task: Task;
  readonly count: number;
  readonly classes: readonly string[];
  /** Per-channel mean and standard deviation of pixels/255, for normalisation. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly image: { readonly channels: number; readonly height: number; readonly width: number };
  /** The samples at these indices, in order. */
  read(indices: ArrayLike<number>): Promise<Sample[]>;
}

/** Two images of a face verification test (indices into `images`) and whether they show one person. */
export interface FacePair {
  readonly first: number;
  readonly second: number;
  readonly same: boolean;
  /** Fold of the 10-fold protocol, from 0. */
  readonly fold: number;
}

/** Face verification: images of people who are not in the training split, and the pairs to be judged. */
export interface VerificationPairs {
  readonly images: SampleSource;
  readonly pairs: readonly FacePair[];
}

/**
 * Face identification (MegaFace): for two images of a probe person, one joins a gallery full of distractors and must
 * be the nearest to the other. Indices into `images`, whose labels name the person; distractors have labels no probe has.
 */
export interface Identification {
  readonly images: SampleSource;
  readonly probes: readonly number[];
  readonly distractors: readonly number[];
}

/** Train and validation split of a data set; face data also brings its tests. */
export interface DatasetSplits {
  readonly train: SampleSource;
  readonly validation: SampleSource;
  readonly verification?: VerificationPairs;
  readonly identification?: Identification;
  /** What the user should know of how the files were taken: sentences. */
  readonly remarks?: readonly string[];
  /** Gives back what reading needed (files held open, temporary ones); nothing is read afterwards. */
  close?(): Promise<void>;
}

/** Where data comes from: drawn by ourselves or brought along, or a folder in a published layout. */
export type DatasetReference = Readonly<z.infer<typeof datasetReferenceSchema>>;

/** A data set whose layout is fixed. */
export type SettledDataset = Stored<z.infer<typeof settledDatasetSchema>>;

export type EmbeddedName = (typeof EMBEDDED_NAMES)[number];

export type SplitName = 'train' | 'validation';
