// The typed calls a window (or the command line) can make to the service that owns files, runs and
// the compute engine. One contract, three hosts. Inputs are validated at the boundary; bulk arrays
// never travel here, they are fetched by URL (see bulk.ts).
import { PLANTED_FAULTS } from '../lesson/planted';
import { eventIterator, oc, type } from '@orpc/contract';
import { z } from 'zod';
import type { SettledDataset } from '../dataset/dataset';
import { datasetReferenceSchema } from '../dataset/reference-schema';
import { pictureChoiceSchema } from '../dataset/shown-picture';
import type { FetchProgress, PublishedDataset, RestrictedDataset } from '../dataset/published';
import type { BackendReport } from '../compute/engine';
import type { Provenance } from '../merge/mathematics/matrices';
import type { MergeProgress, MergeSummary } from '../merge/report';
import { networkField } from '../model/schema';
import { TASKS } from '../model/spec';
import { parsedBy } from '../model/strict-object';
import { parseFigureRecipe } from '../figure/registry';
import { FIGURE_FORMATS } from '../figure/recipe';
import type { NormsEvent } from '../run/norms';
import { noteSchema, tagSchema } from '../run/remarks';
import type { TensorInfo } from '../tensor/tensor';
import { askedVariantSchema, type AblationStatus } from '../training/ablation';
import { SCENE_VIEWS } from '../training/evaluation/answers';
import type { TrainingEvent } from '../training/recipe/recipe';
import { trainingConfigSchema, trainingControlSchema } from '../training/recipe/recipe-schema';
import type {
  AppInfo,
  BlockTensors,
  EvaluationStep,
  FedBatch,
  GroupTensors,
  HostEvent,
  ListedRun,
  MatrixUrls,
  MeasuredForm,
  OpenedCheckpoint,
  PictureFileUrl,
  PictureUrl,
  Predictions,
  RecentFile,
  TensorMatrix,
  TensorStatistics,
  VerifyStep,
} from './answers';

export type * from './answers';

/** Weights the service can find again: an opened file, a run's checkpoint, or the one in assets/. */
export const weightsReference = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), id: z.string() }),
  z.object({ kind: z.literal('run'), run: z.string(), checkpoint: z.string() }),
  z.object({ kind: z.literal('bundled'), name: z.string() }),
]);
export type WeightsReference = z.infer<typeof weightsReference>;

/** What weights are stored in; theirs where it is left out. */
const floatType = z.enum(['float64', 'float32', 'float16', 'bfloat16']).optional();

const view = z.enum(SCENE_VIEWS);
/** A place in a training, counted from 0. */
const place = z.number().int().nonnegative();
const positive = z.number().int().positive();

export const studioContract = {
  app: {
    info: oc.output(type<AppInfo>()),
    events: oc.output(eventIterator(type<HostEvent>())),
    /** Shows the host's open dialog; the browser host answers null (the window uploads instead). */
    chooseFile: oc.input(z.object({ folder: z.boolean() })).output(type<string | null>()),
    backends: oc.output(type<readonly BackendReport[]>()),
  },
  checkpoint: {
    /** A path of the service's machine, an upload's URL, or `bundled:NAME`. */
    open: oc.input(z.object({ path: z.string().min(1) })).output(type<OpenedCheckpoint>()),
    /** The files that are open, for a window that was reloaded. */
    opened: oc.output(type<readonly OpenedCheckpoint[]>()),
    /** Takes an opened file's network for inputs of `N` or `HxW` pixels, wherever it is run from then on; an empty text goes back to its own size. */
    resize: oc.input(z.object({ id: z.string(), inputSize: z.string() })).output(type<OpenedCheckpoint>()),
    /** Opens another set of weights of an opened file (`weightSets`), as a file of its own. */
    openSet: oc.input(z.object({ id: z.string(), set: z.string().min(1) })).output(type<OpenedCheckpoint>()),
    /** Says what an opened file's shapes leave open: partitions (height, width) and the eps of its batch norms. Answers what it is now. */
    settle: oc
      .input(
        z.object({
          id: z.string(),
          partitions: z.array(z.tuple([z.number().int().positive(), z.number().int().positive()])),
          eps: z.number().nonnegative().nullable(),
        }),
      )
      .output(type<OpenedCheckpoint>()),
    /** Says which recipes an opened file's groups are of, and numbers (`key=value`) that no weights hold. Answers what it is now. */
    family: oc
      .input(z.object({ id: z.string(), recipe: z.array(z.string().min(1)), setting: z.array(z.string().min(1)) }))
      .output(type<OpenedCheckpoint>()),
    /** Files opened before, newest first; those handed over by a window as copies that the service keeps. */
    recent: oc.output(type<readonly RecentFile[]>()),
    /** Takes a file off the recent ones, and deletes the service's copy if it is one. */
    forget: oc.input(z.object({ path: z.string().min(1) })).output(type<void>()),
    statistics: oc.input(z.object({ weights: weightsReference })).output(eventIterator(type<TensorStatistics>())),
    /** Saves weights under a path; the ending decides the format. `warnings` say what the stored type could not hold. */
    save: oc
      .input(z.object({ weights: weightsReference, path: z.string().min(1), overwrite: z.boolean(), dtype: floatType }))
      .output(type<{ readonly path: string; readonly warnings: readonly string[] }>()),
    /** Writes weights to a file that is fetched from `url`; the name's ending decides the format. */
    export: oc
      .input(z.object({ weights: weightsReference, fileName: z.string().min(1), dtype: floatType }))
      .output(type<{ readonly url: string; readonly fileName: string; readonly warnings: readonly string[] }>()),
    /** Name, type and shape of every tensor. */
    tensors: oc.input(z.object({ weights: weightsReference })).output(type<readonly TensorInfo[]>()),
    /**
     * A 2-D weight as it is, a 4-D one (O, C, K, L) as O x C*K*L, or as the matrix it is on a `map` (height, width; `usual`: one of
     * a size to be looked at, and anything else than an odd kernel as it is). `merged`: the
     * weight of that name which a group of a family has once it is merged.
     */
    matrix: oc
      .input(
        z.object({
          weights: weightsReference,
          tensor: z.string(),
          merged: z.boolean().optional(),
          map: z.union([z.literal('usual'), z.tuple([positive, positive])]).optional(),
        }),
      )
      .output(type<TensorMatrix>()),
    close: oc.input(z.object({ id: z.string() })).output(type<void>()),
  },
  dataset: {
    /** Data sets that can be fetched, and those only their owners hand out. */
    published: oc.output(type<{ readonly fetchable: readonly PublishedDataset[]; readonly restricted: readonly RestrictedDataset[] }>()),
    /** Fetches one into a folder of the service's machine; leaving the stream stops it, and what has arrived is resumed next time. */
    fetch: oc.input(z.object({ name: z.string(), folder: z.string().trim().min(1) })).output(eventIterator(type<FetchProgress>())),
    /** Fixes what a folder is read as; afterwards its description and samples are asked for with POST /dataset. */
    settle: oc.input(z.object({ reference: datasetReferenceSchema, task: z.enum(TASKS).nullable() })).output(type<SettledDataset>()),
    /** A sample of the training split, or the mean of a class of it, as a picture. */
    picture: oc.input(z.object({ dataset: datasetReferenceSchema, of: pictureChoiceSchema })).output(type<PictureUrl>()),
    /** A .png or .jpg file of the service's machine as a picture. */
    pictureFile: oc.input(z.object({ path: z.string().trim().min(1) })).output(type<PictureFileUrl>()),
  },
  run: {
    list: oc.output(type<readonly ListedRun[]>()),
    /** Run folders that cannot be read, and why. */
    broken: oc.output(type<readonly { readonly path: string; readonly reason: string }[]>()),
    open: oc.input(z.object({ path: z.string().min(1) })).output(type<ListedRun>()),
    metrics: oc.input(z.object({ run: z.string() })).output(type<readonly TrainingEvent[]>()),
    /** Sets a run's tags and note. */
    describe: oc.input(z.object({ run: z.string(), tags: z.array(tagSchema), note: noteSchema })).output(type<void>()),
    /** Gives a run another name; answers the one it has then, which a folder can have. */
    rename: oc.input(z.object({ run: z.string(), name: z.string().min(1) })).output(type<{ readonly run: string }>()),
    /** Moves a run into the trash; answers where that is, in words. */
    remove: oc.input(z.object({ run: z.string() })).output(type<{ readonly where: string }>()),
    /** The run that the others are held against; null for none. */
    pin: oc.input(z.object({ run: z.string().nullable() })).output(type<void>()),
    /** Norms of weights and gradients, epoch by epoch. */
    norms: oc.input(z.object({ run: z.string() })).output(type<readonly NormsEvent[]>()),
  },
  training: {
    /** `first` holds from the first step on: one step, one epoch, or paused. */
    start: oc
      .input(z.object({ ...askedVariantSchema.shape, first: z.array(trainingControlSchema).readonly().optional() }))
      .output(type<{ run: string }>()),
    /** Goes on from the last checkpoint, or again from the seeds, with `epochs` up to so many; `notes` are for the user. */
    resume: oc
      .input(z.object({ run: z.string(), epochs: positive.optional() }))
      .output(type<{ readonly run: string; readonly notes: readonly string[] }>()),
    control: oc.input(z.object({ run: z.string(), control: trainingControlSchema })).output(type<void>()),
    /** Events of a run from now on; ends when the run does. */
    watch: oc.input(z.object({ run: z.string() })).output(eventIterator(type<TrainingEvent>())),
    /** How good weights, in either form or in both, are on the validation split (or the tests) of a data set. */
    evaluate: oc
      .input(z.object({ weights: weightsReference, dataset: datasetReferenceSchema, both: z.boolean(), view }))
      .output(eventIterator(type<EvaluationStep>())),
    /** Predictions on `count` samples (or pairs) of the validation split from `first` on; on fewer where they are large. */
    predict: oc
      .input(z.object({ weights: weightsReference, dataset: datasetReferenceSchema, view, first: place, count: positive }))
      .output(type<Predictions>()),
    /** The batch of a step, both counted from 0, that a training with this configuration is fed. */
    batch: oc.input(z.object({ config: trainingConfigSchema, epoch: place, step: place })).output(type<FedBatch>()),
    /** Variants trained one after the other, whatever becomes of the window that asked. */
    ablation: {
      start: oc.input(z.array(askedVariantSchema).readonly()).output(type<void>()),
      /** Goes on with the first variant that is not finished. */
      resume: oc.output(type<void>()),
      /** Stops the variant under way and trains no more. */
      stop: oc.output(type<void>()),
      /** Where it stands, now and after every change; null while there is none. */
      watch: oc.output(eventIterator(type<AblationStatus | null>())),
    },
    /** Runs that are training or paused now. */
    active: oc.output(type<readonly string[]>()),
  },
  merge: {
    /** Merges train-form weights; ends with the reference of the merged weights. */
    run: oc
      .input(z.object({ weights: weightsReference, fuseAllConvBn: z.boolean() }))
      .output(
        eventIterator(
          type<{ type: 'progress'; progress: MergeProgress } | { type: 'done'; merged: WeightsReference; summary: MergeSummary }>(),
        ),
      ),
    /** Compares both forms on random inputs, as many at once as fit in memory. With `storedAs` the merged weights are rounded to that type first, as a file would hold them. */
    verify: oc
      .input(
        z.object({
          train: weightsReference,
          merged: weightsReference,
          seed: z.number().int(),
          batch: positive,
          storedAs: floatType,
        }),
      )
      .output(eventIterator(type<VerifyStep>())),
    /** Merges train-form weights with a mistake in one block, for a lesson that lets it be found. */
    plant: oc
      .input(z.object({ weights: weightsReference, fault: z.enum(PLANTED_FAULTS), block: z.string() }))
      .output(type<WeightsReference>()),
    /** Rep blocks of train-form weights, and the matrices of one of them. */
    blocks: oc.input(z.object({ weights: weightsReference })).output(type<readonly string[]>()),
    matrices: oc.input(z.object({ weights: weightsReference, block: z.string() })).output(type<MatrixUrls>()),
    /** Where the value of one cell of a block's merged matrix comes from. */
    provenance: oc
      .input(z.object({ weights: weightsReference, block: z.string(), row: z.number().int(), column: z.number().int() }))
      .output(type<Provenance>()),
    /** The tensors of one rep block, train form. */
    tensors: oc.input(z.object({ weights: weightsReference, block: z.string() })).output(type<BlockTensors>()),
    /** The tensors of one group of a re-parameterized family, train form. */
    group: oc.input(z.object({ weights: weightsReference, at: z.string(), recipe: z.string() })).output(type<GroupTensors>()),
  },
  cost: {
    /** Times every layer of a train-form network and then of its merged form, with fresh weights. */
    measure: oc.input(z.object({ spec: networkField, batch: positive, repetitions: positive })).output(eventIterator(type<MeasuredForm>())),
  },
  figure: {
    render: oc
      .input(z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)), format: z.enum(FIGURE_FORMATS) }))
      .output(type<{ url: string; fileName: string }>()),
  },
};
export type StudioContract = typeof studioContract;
