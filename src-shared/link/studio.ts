// The typed calls a window (or the command line) can make to the service that owns files, runs and
// the compute engine. One contract, three hosts. Inputs and answers are validated at the boundary; bulk arrays
// never travel here, they are fetched by URL (see bulk.ts).
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { sent } from '../base/sent';
import { backendReportSchema } from '../compute/engine';
import { fetchProgressSchema, publishedDatasetsSchema } from '../dataset/published';
import { datasetReferenceSchema, settledDatasetSchema } from '../dataset/reference-schema';
import { pictureChoiceSchema } from '../dataset/shown-picture';
import { int8ReportSchema } from '../cost/int8/report';
import { provenanceSchema } from '../merge/mathematics/matrices';
import { onnxAnswerSchema } from '../merge/onnx-answer';
import { exportVerdictSchema } from '../merge/report';
import { form } from '../model/leaves/fields';
import { receptiveFieldSchema } from '../pattern/receptive-field';
import { diffReportSchema } from '../proof/diff/report';
import { rerunReportSchema } from '../run/rerun';
import { PLANTED_FAULTS } from '../lesson/planted';
import { networkField } from '../model/schema';
import { TASKS } from '../model/spec';
import { parsedBy } from '../model/strict-object';
import { inspectionSchema } from '../figure/check/judge';
import { parseFigureRecipe } from '../figure/registry';
import { FILM_FORMATS, filmSettingsSchema } from '../figure/film/settings';
import { FIGURE_FORMATS } from '../figure/recipe';
import { noteSchema, tagSchema } from '../run/remarks';
import { tensorInfoSchema } from '../tensor/tensor';
import { ablationStatusSchema, askedVariantSchema } from '../training/ablation';
import { SCENE_VIEWS } from '../training/evaluation/answers';
import { normsEventSchema, trainingEventSchema } from '../training/recipe/event';
import { trainingConfigSchema, trainingControlSchema } from '../training/recipe/recipe-schema';
import {
  appInfo,
  broughtBack,
  bundleStep,
  evaluationStep,
  fedBatch,
  hostEvent,
  listedRun,
  measuredForm,
  mergeStep,
  filmEvent,
  openedFigure,
  pictureFileUrl,
  pictureUrl,
  predictions,
  figureStep,
  renderedFile,
  verifyStep,
} from './answers';
import {
  blockTensors,
  groupTensors,
  kernelsInFile,
  matrixUrls,
  namedText,
  openedCheckpoint,
  recentFile,
  tensorMatrix,
  tensorStatistics,
} from './file-answers';
import { JOB_ACTIONS, jobSchema } from './jobs/job';
import { settingsSchema, settingsStateSchema } from './settings';
import { weightsReference } from './weights-reference';

export type * from './answers';
export type * from './file-answers';
export * from './weights-reference';

/** What weights are stored in; theirs where it is left out. */
const floatType = z.enum(['float64', 'float32', 'float16', 'bfloat16']).optional();

/** What the stored type could not hold. */
const warnings = z.array(z.string());
/** A file to be fetched from `url`. */
const fileUrl = z.object({ url: z.string(), fileName: z.string() });

const view = z.enum(SCENE_VIEWS);
/** A place in a training, counted from 0. */
const place = z.number().int().nonnegative();
const positive = z.number().int().positive();

export const studioContract = {
  app: {
    info: oc.output(sent(appInfo)),
    events: oc.output(eventIterator(sent(hostEvent))),
    /** Shows the host's open dialog; the browser host answers null (the window uploads instead). */
    chooseFile: oc.input(z.object({ folder: z.boolean() })).output(z.string().nullable()),
    backends: oc.output(sent(z.array(backendReportSchema))),
    /** Tells the user by the system of a job that a window does by itself; whether the host could. */
    announce: oc.input(z.object({ title: z.string().max(200), text: z.string().max(1000) })).output(z.object({ told: z.boolean() })),
    settings: {
      read: oc.output(sent(settingsStateSchema)),
      /** Takes changes and writes them; rejects where the file is a newer program's, or damaged. */
      change: oc.input(settingsSchema.partial()).output(sent(settingsStateSchema)),
      reset: oc.output(sent(settingsStateSchema)),
    },
    jobs: {
      /** The long jobs of the service, now and after every change. */
      watch: oc.output(eventIterator(sent(z.array(jobSchema)))),
      /** Pauses a job, goes on with it, or ends it. */
      control: oc.input(z.object({ id: z.string(), action: z.enum(JOB_ACTIONS) })).output(z.void()),
      /** Puts a job that has ended away; all of them for null. */
      forget: oc.input(z.object({ id: z.string().nullable() })).output(z.void()),
    },
  },
  checkpoint: {
    /** A path of the service's machine, an upload's URL, or `bundled:NAME`. */
    open: oc.input(z.object({ path: z.string().min(1) })).output(sent(openedCheckpoint)),
    /** The files that are open, for a window that was reloaded. */
    opened: oc.output(sent(z.array(openedCheckpoint))),
    /** Takes an opened file's network for inputs of `N` or `HxW` pixels, wherever it is run from then on; an empty text goes back to its own size. */
    resize: oc.input(z.object({ id: z.string(), inputSize: z.string() })).output(sent(openedCheckpoint)),
    /** Opens another set of weights of an opened file (`weightSets`), as a file of its own. */
    openSet: oc.input(z.object({ id: z.string(), set: z.string().min(1) })).output(sent(openedCheckpoint)),
    /** Says what an opened file's shapes leave open: partitions (height, width) and the eps of its batch norms. Answers what it is now. */
    settle: oc
      .input(
        z.object({
          id: z.string(),
          partitions: z.array(z.tuple([z.number().int().positive(), z.number().int().positive()])),
          eps: z.number().nonnegative().nullable(),
        }),
      )
      .output(sent(openedCheckpoint)),
    /** Says which recipes an opened file's groups are of, and numbers (`key=value`) that no weights hold. Answers what it is now. */
    family: oc
      .input(
        z.object({
          id: z.string(),
          recipe: z.array(z.string().min(1)),
          setting: z.array(z.string().min(1)),
          own: z.array(namedText).optional(),
        }),
      )
      .output(sent(openedCheckpoint)),
    /**
     * Reads a low-rank adapter of a file of its own (a path, or an upload's URL) beside an opened file's tensors; null takes it off
     * again. Without a configuration, `adapter_config.json` beside it is read where there is one. Answers what the file is now.
     */
    adapt: oc
      .input(z.object({ id: z.string(), adapter: z.string().min(1).nullable(), config: namedText.nullable() }))
      .output(sent(openedCheckpoint)),
    /** Files opened before, newest first; those handed over by a window as copies that the service keeps. */
    recent: oc.output(sent(z.array(recentFile))),
    /** Takes a file off the recent ones, and deletes the service's copy if it is one. */
    forget: oc.input(z.object({ path: z.string().min(1) })).output(z.void()),
    statistics: oc.input(z.object({ weights: weightsReference })).output(eventIterator(sent(tensorStatistics))),
    /** Saves weights under a path; the ending decides the format. `warnings` say what the stored type could not hold. */
    save: oc
      .input(z.object({ weights: weightsReference, path: z.string().min(1), overwrite: z.boolean(), dtype: floatType }))
      .output(sent(z.object({ path: z.string(), warnings }))),
    /** Writes weights to a file that is fetched from `url`; the name's ending decides the format. */
    export: oc
      .input(z.object({ weights: weightsReference, fileName: z.string().min(1), dtype: floatType }))
      .output(sent(fileUrl.extend({ warnings }))),
    /** Name, type and shape of every tensor. */
    tensors: oc.input(z.object({ weights: weightsReference })).output(sent(z.array(tensorInfoSchema))),
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
      .output(sent(tensorMatrix)),
    /** Holds two sets of weights against one another: one function or not, and which weights moved, where. */
    diff: oc
      .input(z.object({ a: weightsReference, b: weightsReference, seed: z.number().int(), batch: positive }))
      .output(sent(diffReportSchema)),
    /** Whether an opened ONNX file is merged, and what verdict it carries; null for other formats. */
    onnx: oc.input(z.object({ id: z.string() })).output(sent(onnxAnswerSchema.nullable())),
    /** Makes an ONNX model of weights, judged by ONNX Runtime; without a file where it is not the same function. */
    exportOnnx: oc
      .input(z.object({ weights: weightsReference, fileName: z.string().min(1), form }))
      .output(sent(z.object({ url: z.string().nullable(), fileName: z.string(), verdict: exportVerdictSchema }))),
    close: oc.input(z.object({ id: z.string() })).output(z.void()),
  },
  dataset: {
    /** Data sets that can be fetched, and those only their owners hand out. */
    published: oc.output(sent(publishedDatasetsSchema)),
    /** Fetches one into a folder of the service's machine; leaving the stream stops it, and what has arrived is resumed next time. */
    fetch: oc.input(z.object({ name: z.string(), folder: z.string().trim().min(1) })).output(eventIterator(sent(fetchProgressSchema))),
    /** Fixes what a folder is read as; afterwards its description and samples are asked for with POST /dataset. */
    settle: oc.input(z.object({ reference: datasetReferenceSchema, task: z.enum(TASKS).nullable() })).output(sent(settledDatasetSchema)),
    /** A sample of the training split, or the mean of a class of it, as a picture. */
    picture: oc.input(z.object({ dataset: datasetReferenceSchema, of: pictureChoiceSchema })).output(sent(pictureUrl)),
    /** A .png or .jpg file of the service's machine as a picture. */
    pictureFile: oc.input(z.object({ path: z.string().trim().min(1) })).output(sent(pictureFileUrl)),
  },
  run: {
    list: oc.output(sent(z.array(listedRun))),
    /** Run folders that cannot be read, and why. */
    broken: oc.output(sent(z.array(z.object({ path: z.string(), reason: z.string() })))),
    open: oc.input(z.object({ path: z.string().min(1) })).output(sent(listedRun)),
    /** Makes a run of what a PyTorch training wrote into a folder; `weights` answers the question which are taken. */
    bring: oc.input(z.object({ path: z.string().min(1), weights: z.enum(['ema', 'raw']).nullable() })).output(sent(broughtBack)),
    metrics: oc.input(z.object({ run: z.string() })).output(sent(z.array(trainingEventSchema))),
    /** Sets a run's tags and note. */
    describe: oc.input(z.object({ run: z.string(), tags: z.array(tagSchema), note: noteSchema })).output(z.void()),
    /** Gives a run another name; answers the one it has then, which a folder can have. */
    rename: oc.input(z.object({ run: z.string(), name: z.string().min(1) })).output(sent(z.object({ run: z.string() }))),
    /** Moves a run into the trash; answers where that is, in words. */
    remove: oc.input(z.object({ run: z.string() })).output(sent(z.object({ where: z.string() }))),
    /** The run that the others are held against; null for none. */
    pin: oc.input(z.object({ run: z.string().nullable() })).output(z.void()),
    /** Norms of weights and gradients, epoch by epoch. */
    norms: oc.input(z.object({ run: z.string() })).output(sent(z.array(normsEventSchema))),
    /** Holds a run against its repetition: what differs, and where their losses part. */
    compare: oc.input(z.object({ run: z.string(), again: z.string() })).output(sent(rerunReportSchema)),
  },
  training: {
    /** `first` holds from the first step on: one step, one epoch, or paused. */
    start: oc
      .input(z.object({ ...askedVariantSchema.shape, first: z.array(trainingControlSchema).readonly().optional() }))
      .output(sent(z.object({ run: z.string() }))),
    /** Goes on from the last checkpoint, or again from the seeds, with `epochs` up to so many; `notes` are for the user. */
    resume: oc
      .input(z.object({ run: z.string(), epochs: positive.optional() }))
      .output(sent(z.object({ run: z.string(), notes: z.array(z.string()) }))),
    /** Trains a run again from its own record, as another run; `notes` are for the user. */
    rerun: oc.input(z.object({ run: z.string() })).output(sent(z.object({ run: z.string(), notes: z.array(z.string()) }))),
    control: oc.input(z.object({ run: z.string(), control: trainingControlSchema })).output(z.void()),
    /** Events of a run from now on; ends when the run does. */
    watch: oc.input(z.object({ run: z.string() })).output(eventIterator(sent(trainingEventSchema))),
    /** How good weights, in either form or in both, are on the validation split (or the tests) of a data set. */
    evaluate: oc
      .input(z.object({ weights: weightsReference, dataset: datasetReferenceSchema, both: z.boolean(), view }))
      .output(eventIterator(sent(evaluationStep))),
    /** Predictions on `count` samples (or pairs) of the validation split from `first` on; on fewer where they are large. */
    predict: oc
      .input(z.object({ weights: weightsReference, dataset: datasetReferenceSchema, view, first: place, count: positive }))
      .output(sent(predictions)),
    /** The batch of a step, both counted from 0, that a training with this configuration is fed. */
    batch: oc.input(z.object({ config: trainingConfigSchema, epoch: place, step: place })).output(sent(fedBatch)),
    /** Writes a folder that trains the network with PyTorch; leaving the stream ends it, and nothing is written. */
    bundle: oc
      .input(
        z.object({
          spec: networkField,
          recipe: trainingConfigSchema.shape.recipe,
          seed: trainingConfigSchema.shape.seed,
          folder: z.string().trim().min(1),
        }),
      )
      .output(eventIterator(sent(bundleStep))),
    /** Variants trained one after the other, whatever becomes of the window that asked. */
    ablation: {
      start: oc.input(z.array(askedVariantSchema).readonly()).output(z.void()),
      /** Goes on with the first variant that is not finished. */
      resume: oc.output(z.void()),
      /** Stops the variant under way and trains no more. */
      stop: oc.output(z.void()),
      /** Where it stands, now and after every change; null while there is none. */
      watch: oc.output(eventIterator(sent(ablationStatusSchema.nullable()))),
    },
    /** Runs that are training or paused now. */
    active: oc.output(sent(z.array(z.string()))),
  },
  merge: {
    /** Merges train-form weights; ends with the reference of the merged weights. */
    run: oc.input(z.object({ weights: weightsReference, fuseAllConvBn: z.boolean() })).output(eventIterator(sent(mergeStep))),
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
      .output(eventIterator(sent(verifyStep))),
    /** Merges train-form weights with a mistake in one block, for a lesson that lets it be found. */
    plant: oc.input(z.object({ weights: weightsReference, fault: z.enum(PLANTED_FAULTS), block: z.string() })).output(weightsReference),
    /** Rep blocks of train-form weights, and the matrices of one of them. */
    blocks: oc.input(z.object({ weights: weightsReference })).output(sent(z.array(z.string()))),
    matrices: oc.input(z.object({ weights: weightsReference, block: z.string() })).output(sent(matrixUrls)),
    /** Where the value of one cell of a block's merged matrix comes from. */
    provenance: oc
      .input(z.object({ weights: weightsReference, block: z.string(), row: z.number().int(), column: z.number().int() }))
      .output(sent(provenanceSchema)),
    /** The tensors of one rep block, train form. */
    tensors: oc.input(z.object({ weights: weightsReference, block: z.string() })).output(sent(blockTensors)),
    /** The tensors of one group of a re-parameterized family, train form. */
    group: oc.input(z.object({ weights: weightsReference, at: z.string(), recipe: z.string() })).output(sent(groupTensors)),
    /** The layers that groups of families are once merged; null where the network is known or there is no such group. */
    kernels: oc.input(z.object({ weights: weightsReference })).output(sent(kernelsInFile.nullable())),
  },
  pattern: {
    /** What part of an input the centre of a map depends on, in the forms there are; of the last map where no layer is named. */
    receptiveField: oc
      .input(z.object({ weights: weightsReference, layer: z.string().nullable(), count: positive, seed: z.number().int() }))
      .output(sent(receptiveFieldSchema)),
  },
  cost: {
    /** What int8 weights would cost each layer, in the forms there are. */
    int8: oc.input(z.object({ weights: weightsReference, batch: positive, seed: z.number().int() })).output(sent(int8ReportSchema)),
    /** Times every layer of a train-form network and then of its merged form, with fresh weights. */
    measure: oc.input(z.object({ spec: networkField, batch: positive, repetitions: positive })).output(eventIterator(sent(measuredForm))),
  },
  figure: {
    /** Draws a figure as a file; with `strip` nothing travels in it. Sizes are in millimetres; `caption` is a draft of its caption. */
    render: oc
      .input(
        z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)), format: z.enum(FIGURE_FORMATS), strip: z.boolean().optional() }),
      )
      .output(sent(renderedFile)),
    /** The numbers behind a figure (.npy, .csv), its recipe and a draft of its caption, as one archive. */
    data: oc
      .input(z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)) }))
      .output(sent(z.object({ url: z.string(), fileName: z.string() }))),
    /** The pictures of a figure's film, as wide as asked for; each is to be fetched before the next one comes. */
    frames: oc
      .input(z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)), widthPx: z.number().int().min(320).max(3840) }))
      .output(eventIterator(sent(filmEvent))),
    /** Makes a film of a figure that has frames: GIF, APNG, or a flip-book of pages. Who leaves ends it. */
    film: oc
      .input(
        z.object({
          recipe: parsedBy((json) => parseFigureRecipe(json)),
          format: z.enum(FILM_FORMATS),
          settings: filmSettingsSchema,
          strip: z.boolean().optional(),
        }),
      )
      .output(eventIterator(sent(figureStep))),
    /** Draws the recipe for every block of its checkpoint, as one archive. Who leaves ends it. */
    batch: oc
      .input(
        z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)), format: z.enum(FIGURE_FORMATS), strip: z.boolean().optional() }),
      )
      .output(eventIterator(sent(figureStep))),
    /** Inspects the PDF of a figure for print, for its recipe's venue. */
    inspect: oc.input(z.object({ recipe: parsedBy((json) => parseFigureRecipe(json)) })).output(sent(inspectionSchema)),
    /** The recipe that a figure's file (a path of the service's machine) carries, its sources found here, and what changed in the numbers since. */
    open: oc.input(z.object({ path: z.string().min(1) })).output(openedFigure),
  },
};
export type StudioContract = typeof studioContract;
