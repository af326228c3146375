// What the window asks its analysis worker, and what comes back: one schema each. Heavy pure work runs there, so that
// the window never stands still.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { count, floats, sent, sizes, type Stored } from '@shared/base/sent';
import { embeddedSchema } from '@shared/dataset/reference-schema';
import { pictureChoiceSchema, shownPictureSchema } from '@shared/dataset/shown-picture';
import { blockTensors, groupTensors } from '@shared/link/file-answers';
import { shownStepSchema } from '@shared/merge/equation';
import { picturedStepSchema } from '@shared/merge/recipes/walk/step-pictures';
import { pair } from '@shared/model/leaves/fields';
import { blockPatternSchema } from '@shared/pattern/analyse';
import { matrixDetailSchema } from '@shared/pattern/detail';
import { kernelPatternSchema } from '@shared/pattern/kernel-pattern';

/** Longest side of a picture in cells. */
const limit = count;

const stepsRequest = z.object({ block: blockTensors, limit });
/** The merge of a train-form block step by step. The worker fetches a block's tensors itself, for this and for what follows. */
export type StepsRequest = Stored<z.infer<typeof stepsRequest>>;

const familyStepsRequest = z.object({ group: groupTensors, limit });
/** The merge of a group of a re-parameterized family step by step. */
export type FamilyStepsRequest = Stored<z.infer<typeof familyStepsRequest>>;

const patternRequest = z.object({
  /** Names the block's matrices, which the worker keeps until it is asked about another block, for closer looks. */
  key: z.string(),
  block: blockTensors,
});
/** The analysis of a train-form block. */
export type PatternRequest = Stored<z.infer<typeof patternRequest>>;

/** `group`: null for all groups together. */
const detailRequest = patternRequest.extend({ group: count.nullable() });
/** A closer look at the matrices named `key`. */
export type DetailRequest = Stored<z.infer<typeof detailRequest>>;

const blockDetail = z.object({ before: matrixDetailSchema, after: matrixDetailSchema });
/** Closer looks at both matrices of a block. */
export type BlockDetail = Stored<z.infer<typeof blockDetail>>;

const imageRequest = z.object({ dataset: embeddedSchema, of: pictureChoiceSchema });
/** A picture of a drawn data set: one sample, or the mean over the first samples of a class. */
export type ImageRequest = Stored<z.infer<typeof imageRequest>>;

/** `inputChannel`: within the output channel's group. */
const kernelRequest = patternRequest.extend({ outputChannel: count, inputChannel: count });
/** The translation-invariant kernels (2h-1, 2w-1) of one channel pair. */
export type KernelRequest = Stored<z.infer<typeof kernelRequest>>;

const kernelPatternRequest = z.object({
  path: z.string(),
  recipe: z.string(),
  /** (O, C, K, L). */
  shape: sizes,
  /** The kernel's values, float32. */
  url: z.string(),
  /** null: on a usual one. */
  map: pair.nullable(),
});
/** The pattern of a merged kernel on a map. */
export type KernelPatternRequest = Stored<z.infer<typeof kernelPatternRequest>>;

const pairKernels = z.object({ before: floats, added: floats, after: floats });
export type PairKernels = Stored<z.infer<typeof pairKernels>>;

export const analysisContract = {
  steps: oc.input(sent(stepsRequest)).output(sent(z.array(shownStepSchema))),
  familySteps: oc.input(sent(familyStepsRequest)).output(sent(z.array(picturedStepSchema))),
  pattern: oc.input(sent(patternRequest)).output(sent(blockPatternSchema)),
  detail: oc.input(sent(detailRequest)).output(sent(blockDetail)),
  image: oc.input(sent(imageRequest)).output(sent(shownPictureSchema)),
  kernel: oc.input(sent(kernelRequest)).output(sent(pairKernels)),
  kernelPattern: oc.input(sent(kernelPatternRequest)).output(sent(kernelPatternSchema)),
};
export type AnalysisContract = typeof analysisContract;
