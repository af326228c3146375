// What the calls of the contract answer, and what a host tells without being asked: one schema each. Bulk arrays stand here
// as URLs.
import { z } from 'zod';
import { computed, count, type Stored } from '../base/sent';
import { measureReportSchema } from '../compute/engine';
import { pictureFrameSchema } from '../dataset/shown-picture';
import { parseFigureRecipe } from '../figure/registry';
import { mergeProgressSchema, mergeSummarySchema, verifyReportSchema } from '../merge/report';
import { groupReportSchema } from '../proof/recipes/group-report';
import { form } from '../model/leaves/fields';
import { parsedBy } from '../model/strict-object';
import { noteSchema, tagSchema } from '../run/remarks';
import { sentRecordSchema } from '../run/run';
import { partsDone } from '../tensor/parts';
import { agreementSchema } from '../training/evaluation/agreement';
import { evaluationSchema } from '../training/evaluation/evaluated';
import { weightsReference } from './weights-reference';

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
