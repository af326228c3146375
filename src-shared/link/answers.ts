// What the calls of the contract answer, and what a host tells without being asked: one schema each. Bulk arrays stand here
// as URLs.
import { z } from 'zod';
import { computed, count, type Stored } from '../base/sent';
import { CHECKPOINT_FORMATS, weightSetSchema } from '../checkpoint/checkpoint-file';
import { measureReportSchema } from '../compute/engine';
import { countedFileSchema, mergedLayerSchema } from '../cost/family-ledgers';
import { pictureFrameSchema } from '../dataset/shown-picture';
import { parseFigureRecipe } from '../figure/registry';
import { matrixGeometrySchema } from '../matrix/geometry';
import { recipeSchema } from '../merge/recipes/schema';
import { givenSettingsSchema } from '../merge/recipes/settings';
import { leftSummarySchema } from '../merge/recipes/summaries';
import { mergeProgressSchema, mergeSummarySchema, verifyReportSchema } from '../merge/report';
import { groupReportSchema } from '../proof/recipes/group-report';
import { form, pair } from '../model/leaves/fields';
import { parsedBy } from '../model/strict-object';
import { choicesSchema, partitionQuestionSchema } from '../model/recognise/partition-readings';
import { networkSchema, repBlockSchema } from '../model/spec';
import { partitionsSchema } from '../pattern/overlay';
import { noteSchema, tagSchema } from '../run/remarks';
import { sentRecordSchema } from '../run/run';
import { valueStatisticsSchema } from '../tensor/statistics';
import { partsDone } from '../tensor/parts';
import { tensorInfoSchema } from '../tensor/tensor';
import { agreementSchema } from '../training/evaluation/agreement';
import { evaluationSchema } from '../training/evaluation/evaluated';
import { weightsReference } from './weights-reference';

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

const progress = partsDone.extend({ type: z.literal('progress') });

export const evaluationStep = z.discriminatedUnion('type', [
  progress,
  z.object({
    type: z.literal('done'),
    /** Where it was computed, in words. */
    place: z.string(),
    form,
    seen: z.string(),
    report: evaluationSchema,
    both: z.object({ merged: evaluationSchema, agreement: agreementSchema }).nullable(),
  }),
]);
/** An evaluation under way, or its end: of the weights asked for, and of their merged form where both were asked for. */
export type EvaluationStep = Stored<z.infer<typeof evaluationStep>>;

export const mergeStep = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: mergeProgressSchema }),
  z.object({ type: z.literal('done'), merged: weightsReference, summary: mergeSummarySchema }),
]);

export const verifyStep = z.discriminatedUnion('type', [
  progress,
  /** `said`: how the files were read. */
  z.object({ type: z.literal('done'), report: z.union([groupReportSchema, verifyReportSchema]), said: z.array(z.string()) }),
]);
/** A proof under way, `done` of `total` inputs having gone through both forms (of one block after the other in an unknown network); or its end. */
export type VerifyStep = Stored<z.infer<typeof verifyStep>>;

export const measuredForm = z.object({
  form,
  /** Where it was computed, in words. */
  place: z.string(),
  report: measureReportSchema,
});
/** Measured times of the layers of one form. */
export type MeasuredForm = Stored<z.infer<typeof measuredForm>>;

const picturesUrl = z.object({ url: z.string(), count, height: count, width: count, channels: count });
/** Pictures by URL: uint8 (count, height, width, channels), row-major. */
export type PicturesUrl = Stored<z.infer<typeof picturesUrl>>;

export const pictureUrl = pictureFrameSchema.extend({
  url: z.string(),
  /** Names of the split's classes, and how many samples it has. */
  classes: z.array(z.string()),
  count,
});
/** A picture whose RGBA bytes are fetched from `url`, once; with what else there is to choose from. */
export type PictureUrl = Stored<z.infer<typeof pictureUrl>>;

/** `path` is the file's whole path. */
export const pictureFileUrl = pictureFrameSchema.extend({ url: z.string(), path: z.string() });
/** The picture of a file, whose RGBA bytes are fetched from `url`, once. */
export type PictureFileUrl = Stored<z.infer<typeof pictureFileUrl>>;

export const fedBatch = z.object({
  url: z.string(),
  shape: z.tuple([count, count, count, count]),
  /** What was taken off and divided by, per channel, of pixels/255. */
  mean: z.array(computed),
  deviation: z.array(computed),
  /** What each picture is to be taken for; mixed pictures have several classes with their shares. */
  labels: z.array(z.string()),
});
/** A training batch as the network is fed: float32 (N, C, H, W) after augmentation, mixing and normalisation. */
export type FedBatch = Stored<z.infer<typeof fedBatch>>;

/** `total`: how many samples there are, of which these are some. */
const predicted = z.object({ total: count, pictures: picturesUrl });
export const predictions = z.discriminatedUnion('kind', [
  predicted.extend({
    kind: z.literal('classes'),
    samples: z.array(z.object({ label: z.string(), predicted: z.string(), probability: computed, right: z.boolean() })),
  }),
  predicted.extend({
    kind: z.literal('scenes'),
    /** uint8 (count, height, width): the class of each pixel; 255 = ignored. */
    truth: z.string(),
    predicted: z.string(),
    classes: z.array(z.string()),
    /** Share of right pixels, scene by scene. */
    right: z.array(computed),
    /** How the scenes were given to the network, in words. */
    seen: z.string(),
  }),
  /** Two pictures per pair, one after the other. */
  predicted.extend({ kind: z.literal('pairs'), pairs: z.array(z.object({ same: z.boolean(), similarity: computed })) }),
]);
/** What a network says of samples of the validation split. */
export type Predictions = Stored<z.infer<typeof predictions>>;

export const listedRun = sentRecordSchema.extend({
  folder: z.string(),
  /** Another program that trains it now, since when and what to do, as the end of a sentence; null where there is none. */
  trainedBy: z.string().nullable(),
  /** What its owner says of it. */
  tags: z.array(tagSchema),
  note: noteSchema,
  /** Whether the others are held against it. */
  baseline: z.boolean(),
  /** Why remarks.json cannot be read; null where it can. */
  remarksProblem: z.string().nullable(),
});
/** A run with the folder it lies in. */
export type ListedRun = Stored<z.infer<typeof listedRun>>;

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'browser']),
  platform: z.string(),
  runsFolder: z.string(),
  /** Of what the service runs on: name and version. */
  versions: z.array(z.tuple([z.string(), z.string()])),
});
export type AppInfo = Stored<z.infer<typeof appInfo>>;

export const hostEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('openFile'), path: z.string() }),
  z.object({ type: z.literal('command'), id: z.string() }),
  /** What the user should know of the program itself. */
  z.object({ type: z.literal('notice'), message: z.string() }),
]);
/** What the host tells a window without being asked. */
export type HostEvent = Stored<z.infer<typeof hostEvent>>;

export const renderedFile = z.object({
  url: z.string(),
  fileName: z.string(),
  widthMm: z.number(),
  heightMm: z.number(),
  caption: z.string(),
});
/** A drawn figure behind a URL. */
export type RenderedFile = Stored<z.infer<typeof renderedFile>>;

export const filmEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('reading'), done: z.number(), total: z.number() }),
  /** Of every picture, in pixels, and how many there are. */
  z.object({ type: z.literal('size'), width: z.number(), height: z.number(), total: z.number(), title: z.string() }),
  /** The next picture, a PNG, by its number from 0. */
  z.object({ type: z.literal('picture'), at: z.number(), url: z.string() }),
]);
/** What is told of a film while it is made. */
export type FilmEvent = Stored<z.infer<typeof filmEvent>>;

export const figureStep = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: count, total: count, at: z.string() }),
  z.object({ type: z.literal('done'), url: z.string(), fileName: z.string(), says: z.string() }),
]);
/** How far a film or a batch of figures is; at its end its file, with its size and length in words. */
export type FigureStep = Stored<z.infer<typeof figureStep>>;

export const openedFigure = z.object({
  recipe: parsedBy((json) => parseFigureRecipe(json)),
  /** What differs from the numbers it was made of, a sentence each. */
  changes: z.array(z.string()),
});
/** What a figure's file says of itself. */
export type OpenedFigure = Readonly<z.infer<typeof openedFigure>>;

export const bundleStep = z.discriminatedUnion('type', [
  partsDone.extend({ type: z.literal('steps') }),
  z.object({
    type: z.literal('written'),
    folder: z.string(),
    files: z.array(z.string()),
    /** What computed the parity numbers; null where there are none, for the reason in `unproved`. */
    backend: z.string().nullable(),
    unproved: z.string().nullable(),
  }),
]);
/** How far the parity steps of a bundle are; at the end what was written. */
export type BundleStep = Stored<z.infer<typeof bundleStep>>;

export const broughtBack = z.discriminatedUnion('kind', [
  /** The folder is no PyTorch training's. */
  z.object({ kind: z.literal('other') }),
  /** Averaged and raw weights are both there. */
  z.object({ kind: z.literal('question'), question: z.string() }),
  z.object({ kind: z.literal('run'), run: listedRun, remarks: z.array(z.string()) }),
]);
/** What became of a folder that may be a PyTorch training's output. */
export type BroughtBackAnswer = Stored<z.infer<typeof broughtBack>>;
