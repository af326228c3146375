// What the calls of the contract answer about a file of weights: what it holds, its groups of known families, its tensors and matrices.
// Bulk arrays stand here as URLs.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import { CHECKPOINT_FORMATS, weightSetSchema } from '../checkpoint/checkpoint-file';
import { countedFileSchema, mergedLayerSchema } from '../cost/family-ledgers';
import { matrixGeometrySchema } from '../matrix/geometry';
import { recipeSchema } from '../merge/recipes/schema';
import { givenSettingsSchema } from '../merge/recipes/settings';
import { leftSummarySchema } from '../merge/recipes/summaries';
import { form, pair } from '../model/leaves/fields';
import { choicesSchema, partitionQuestionSchema } from '../model/recognise/partition-readings';
import { networkSchema, repBlockSchema } from '../model/spec';
import { partitionsSchema } from '../pattern/overlay';
import { valueStatisticsSchema } from '../tensor/statistics';
import { tensorInfoSchema } from '../tensor/tensor';

/** Where the size of a network's inputs is from: its layers, the file's own description, a default, or the user. */
const inputSizeOrigin = z.enum(['fixed', 'stated', 'assumed', 'chosen']);
export type InputSizeOrigin = z.infer<typeof inputSizeOrigin>;

const familyGroup = z.object({
  at: z.string(),
  recipe: z.string(),
  family: z.string(),
  title: z.string(),
  form: z.enum(['train', 'merged', 'both']),
  /** Names of the weights that the group's merged form has. */
  weights: z.array(z.string()),
});
/** A group that a recipe reads; at '' where it is the whole file. */
export type FamilyGroup = Stored<z.infer<typeof familyGroup>>;

const familyLeft = leftSummarySchema.extend({ family: z.string().nullable(), named: z.array(z.string()) });
/** What is left, why, and which recipes may be named to merge it after all. */
export type FamilyLeft = Stored<z.infer<typeof familyLeft>>;

const familySetting = z.object({
  name: z.string(),
  about: z.string(),
  /** Taken unless another is given; null where it has to be given. */
  usual: z.number().nullable(),
  given: z.number().nullable(),
});
/** A number that recipes ask for. */
export type FamilySetting = Stored<z.infer<typeof familySetting>>;

/** A file that a window read itself. */
export const namedText = z.object({ fileName: z.string().min(1), text: z.string() });
export type NamedText = Stored<z.infer<typeof namedText>>;

const familyChoice = z.object({
  recipe: z.array(z.string()),
  setting: z.array(z.string()),
  /** Recipes of the user's own. */
  own: z.array(namedText).optional(),
});
/** What a user says of the groups in a file. */
export type FamilyChoice = Stored<z.infer<typeof familyChoice>>;

const familiesInFile = z.object({
  groups: z.array(familyGroup),
  left: z.array(familyLeft),
  /** Numbers that the merge needs and no weights hold. */
  settings: z.array(familySetting),
  /** What the user said: names of recipes, and numbers as `key=value`. */
  said: familyChoice,
});
/** What merge recipes find in a file. */
export type FamiliesInFile = Stored<z.infer<typeof familiesInFile>>;

const joinedAdapter = z.object({
  /** As it was given. */
  path: z.string(),
  /** The configuration that its numbers are from; null where there is none. */
  config: z.string().nullable(),
  /** That configuration, where it was given by hand. */
  given: namedText.optional(),
});
/** A low-rank adapter that is read beside a file's own tensors. */
export type JoinedAdapter = Stored<z.infer<typeof joinedAdapter>>;

export const openedCheckpoint = z.object({
  id: z.string(),
  /** Where a later session finds it again: a path of the service's machine, or `bundled:NAME`. */
  path: z.string(),
  /** What the user said of it: partitions and eps that its shapes leave open. */
  choices: choicesSchema,
  fileName: z.string(),
  format: z.enum(CHECKPOINT_FORMATS),
  bytes: count,
  /** Every set of weights in the file: `tensors` and everything else are about the chosen one. */
  weightSets: z.array(weightSetSchema),
  /** What lies beside the weights and is not read, a phrase each. */
  setAside: z.array(z.string()),
  tensors: z.array(tensorInfoSchema),
  recognised: z.object({ model: z.string(), form, spec: networkSchema, inputSize: inputSizeOrigin }).nullable(),
  /** Paths of the train-form blocks inside a network that is not recognised: they can be merged where they stand. */
  inside: z.array(z.string()),
  /** Groups of re-parameterized families in a network that is not recognised. */
  families: familiesInFile,
  /** The adapter whose tensors are among `tensors`. */
  adapter: joinedAdapter.optional(),
  /** Nearest model and what differs, or other remarks for the user. */
  notes: z.array(z.string()),
  /**
   * Blocks whose partition the shapes leave open. `assumed` is what is computed with until another is said (`checkpoint.settle`);
   * where it is null nothing is computed with the file before.
   */
  questions: z.array(partitionQuestionSchema.extend({ assumed: pair.nullable() })),
  /** eps of the batch norms, each once; none where there are none. */
  eps: z.array(z.number()),
});
/** An opened checkpoint: its directory, and what network it holds. */
export type OpenedCheckpoint = Stored<z.infer<typeof openedCheckpoint>>;

export const recentFile = z.object({
  path: z.string(),
  name: z.string(),
  /** Size; null where the file is gone. */
  bytes: count.nullable(),
  /** The service's own copy of a file handed over by a window: it goes when the file is forgotten. */
  uploaded: z.boolean(),
});
/** A checkpoint opened before. */
export type RecentFile = Stored<z.infer<typeof recentFile>>;

export const tensorMatrix = tensorInfoSchema.extend({
  rows: count,
  columns: count,
  /** Of a kernel seen on a map: what rows and columns are; null for a weight as it is. */
  geometry: matrixGeometrySchema.nullable(),
  url: z.string(),
});
/** One weight as a matrix, fetched from `url` as float32 (rows x columns, row-major). */
export type TensorMatrix = Stored<z.infer<typeof tensorMatrix>>;

export const tensorStatistics = valueStatisticsSchema.extend({ name: z.string() });
/** Statistics of one tensor; NaN and infinities are counted and left out of the rest. */
export type TensorStatistics = Stored<z.infer<typeof tensorStatistics>>;

export const matrixUrls = z.object({
  path: z.string(),
  /** The block's description: what rows and columns mean, which kernels were merged. */
  layer: repBlockSchema,
  rows: count,
  columns: count,
  before: z.string(),
  added: z.string(),
  after: z.string(),
});
/** FC3 matrices of one block, to be fetched from these URLs as float32 (rows x columns, row-major). */
export type MatrixUrls = Stored<z.infer<typeof matrixUrls>>;

const tensorUrl = tensorInfoSchema.extend({ url: z.string() });
/** A tensor whose values are fetched from `url`: raw little-endian elements of its dtype, row-major. */
export type TensorUrl = Stored<z.infer<typeof tensorUrl>>;

export const groupTensors = z.object({
  at: z.string(),
  recipe: recipeSchema,
  settings: givenSettingsSchema,
  tensors: z.array(tensorUrl),
});
/** The tensors of one group, and what its steps need besides. */
export type GroupTensors = Stored<z.infer<typeof groupTensors>>;

const listedKernel = mergedLayerSchema.extend({
  /** The name of its weight. */
  name: z.string(),
  recipe: z.string(),
  /** Whether the file holds it as it is; else it is there once its group is merged. */
  stands: z.boolean(),
});
/** A layer that a group of a family is once it is merged. */
export type ListedKernel = Stored<z.infer<typeof listedKernel>>;

export const kernelsInFile = countedFileSchema.extend({ kernels: z.array(listedKernel), left: z.array(leftSummarySchema) });
/** The merged layers of a file of an unknown network, what they were before, and what was left. */
export type KernelsInFile = Stored<z.infer<typeof kernelsInFile>>;

export const blockTensors = z.object({
  path: z.string(),
  layer: repBlockSchema,
  /** How often the block's partition fits into the feature map it works on in its network. */
  partitions: partitionsSchema,
  /** Names are full, starting with `path`. */
  tensors: z.array(tensorUrl),
});
/** The state-dict entries of one train-form block, in order: what the walk through its merge steps needs. */
export type BlockTensors = Stored<z.infer<typeof blockTensors>>;
