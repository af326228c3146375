// The compute engine's interface: model, training and verification on a tfjs backend. The same
// implementation runs in a window's worker and in a Node worker; service and command line see only this.
import { z } from 'zod';
import { computed, count, type Stored } from '../base/sent';
import { measuredTimesSchema } from '../cost/timing';
import { datasetReferenceSchema } from '../dataset/reference-schema';
import type { VerifyReport } from '../merge/report';
import { networkSchema } from '../model/spec';
import { type FloatTensor, floatTensorSchema, namedTensorsSchema } from '../tensor/tensor';
import type { Watch } from '../tensor/parts';
import { SCENE_VIEWS } from '../training/evaluation/answers';
import type { EvaluationEvent } from '../training/evaluation/evaluated';
import { type EngineTrainingEvent, resumePointSchema } from '../training/loop/events';
import { batchSchema } from '../training/loop/session';
import type { TrainingControl } from '../training/recipe/recipe';
import { BACKEND_NAMES, recipeSchema, sentConfigSchema, trainingControlSchema } from '../training/recipe/recipe-schema';

const backendChoice = z.enum([...BACKEND_NAMES, 'auto']);

export const backendReportSchema = z.object({
  name: z.enum(BACKEND_NAMES),
  available: z.boolean(),
  /** GPU or CPU as the backend names it. */
  device: z.string(),
  gflops: computed.nullable(),
  /** Why it is or is not preferred, for the user. */
  note: z.string(),
});
/** One backend as found on this machine. */
export type BackendReport = Stored<z.infer<typeof backendReportSchema>>;

export const forwardRequestSchema = z.object({
  spec: networkSchema,
  weights: namedTensorsSchema,
  /** NCHW. */
  input: floatTensorSchema,
  backend: backendChoice,
  /** Also return every leaf's output. */
  layers: z.boolean(),
});
export type ForwardRequest = Stored<z.infer<typeof forwardRequestSchema>>;

export const forwardResultSchema = z.object({
  output: floatTensorSchema,
  /** Leaf path -> output (NCHW or (N, features)); empty unless asked for. */
  layers: z.custom<ReadonlyMap<string, FloatTensor>>((value) => value instanceof Map),
  backend: z.enum(BACKEND_NAMES),
});
export type ForwardResult = Stored<z.infer<typeof forwardResultSchema>>;

const weighted = z.object({ spec: networkSchema, weights: namedTensorsSchema });
export const verifyRequestSchema = z.object({
  train: weighted,
  merged: weighted,
  input: floatTensorSchema,
  inputSource: z.string(),
  inputSeed: z.number().nullable(),
  backend: backendChoice,
});
export type VerifyRequest = Stored<z.infer<typeof verifyRequestSchema>>;

export const trainRequestSchema = z.object({
  run: z.string(),
  config: sentConfigSchema,
  resume: resumePointSchema.nullable(),
  /** Commands that hold from the first step on. */
  first: z.array(trainingControlSchema).optional(),
});
export type TrainRequest = Stored<z.infer<typeof trainRequestSchema>>;

export const evaluateRequestSchema = z.object({
  ...weighted.shape,
  dataset: datasetReferenceSchema,
  backend: backendChoice,
  /** Merge the weights (train form) and evaluate both forms on the same samples. */
  both: z.boolean().optional(),
  /** How scenes are given to the network; whole if not said. */
  view: z.enum(SCENE_VIEWS).optional(),
});
export type EvaluateRequest = Stored<z.infer<typeof evaluateRequestSchema>>;

export const measureReportSchema = measuredTimesSchema.extend({ backend: z.enum(BACKEND_NAMES) });
/** Measured times of a network's leaves on a backend. */
export type MeasureReport = Stored<z.infer<typeof measureReportSchema>>;

export const measureRequestSchema = z.object({
  spec: networkSchema,
  /** Null: noise of the spec's shapes, made where it is measured. */
  weights: namedTensorsSchema.nullable(),
  batch: count,
  repetitions: count,
  backend: backendChoice,
});
export type MeasureRequest = Stored<z.infer<typeof measureRequestSchema>>;

export const receptiveFieldRequestSchema = z.object({
  ...weighted.shape,
  /** NCHW; the gradient is averaged over these. */
  input: floatTensorSchema,
  /** The leaf whose output's centre is looked from; null: the network's last map. */
  layer: z.string().nullable(),
  backend: backendChoice,
});
export type ReceptiveFieldRequest = Stored<z.infer<typeof receptiveFieldRequestSchema>>;

export const receptiveFieldResultSchema = z.object({
  /** Mean over the inputs of |d y / d x|, summed over the input's channels: (H, W); y is the centre of the map, summed over its channels. */
  map: floatTensorSchema,
  backend: z.enum(BACKEND_NAMES),
});
export type ReceptiveFieldResult = Stored<z.infer<typeof receptiveFieldResultSchema>>;

export const int8RequestSchema = z.object({
  ...weighted.shape,
  /** The same weights rounded to int8, one set per way of rounding. */
  rounded: z.array(namedTensorsSchema),
  input: floatTensorSchema,
  backend: backendChoice,
});
export type Int8Request = Stored<z.infer<typeof int8RequestSchema>>;

const int8Layer = z.object({
  path: z.string(),
  /** Sum of y^2 over the layer's outputs, and the step of int8 over their range on these inputs. */
  signal: computed,
  step: computed,
  outputs: count,
  /** For each way of rounding: sum of (y - y')^2, and how many outputs moved by more than half a step. */
  rounded: z.array(z.object({ noise: computed, changed: count })),
});
export const int8ResultSchema = z.object({ layers: z.array(int8Layer), backend: z.enum(BACKEND_NAMES) });
/** Each layer alone with rounded weights, on the inputs that it has in the network with its own ones. */
export type Int8Result = Stored<z.infer<typeof int8ResultSchema>>;

export const parityRequestSchema = z.object({
  ...weighted.shape,
  recipe: recipeSchema,
  batch: batchSchema,
  /** The learning rate of each step. */
  rates: z.array(z.number().positive()).min(1),
  /** After which steps, counted from 1, the weights are kept. */
  keep: z.array(count),
  backend: backendChoice,
});
/** Steps on one batch, to hold another program's against. */
export type ParityRequest = Stored<z.infer<typeof parityRequestSchema>>;

const stepsDone = z.object({
  steps: count,
  weights: namedTensorsSchema,
  /** Their moving average; null where the recipe has none. */
  average: namedTensorsSchema.nullable(),
});
export type StepsDone = Stored<z.infer<typeof stepsDone>>;

export const parityResultSchema = z.object({
  /** The network's output in evaluation mode before the first step and after the last, (N, values). */
  before: floatTensorSchema,
  after: floatTensorSchema,
  /** The loss that each step found. */
  losses: z.array(computed),
  kept: z.array(stepsDone),
  backend: z.enum(BACKEND_NAMES),
});
export type ParityResult = Stored<z.infer<typeof parityResultSchema>>;

export interface Engine {
  backends(): Promise<readonly BackendReport[]>;
  /** Runs as many samples at once as fit in memory; so does `verify`. Both reject with the signal's reason when aborted. */
  forward(request: ForwardRequest, watch?: Watch): Promise<ForwardResult>;
  verify(request: VerifyRequest, watch?: Watch): Promise<VerifyReport>;
  train(request: TrainRequest): AsyncIterable<EngineTrainingEvent>;
  control(run: string, control: TrainingControl): Promise<void>;
  /** The watch hears of steps. Dropout is left out. */
  parity(request: ParityRequest, watch?: Watch): Promise<ParityResult>;
  /** Ends with a `done` event; leaving the loop before ends the evaluation. */
  evaluate(request: EvaluateRequest): AsyncIterable<EvaluationEvent>;
  /** Aborting ends it between two runs of a layer; it rejects with the signal's reason. */
  measure(request: MeasureRequest, signal?: AbortSignal): Promise<MeasureReport>;
  /** Both reject with the signal's reason when aborted between two parts of the inputs. */
  receptiveField(request: ReceptiveFieldRequest, watch?: Watch): Promise<ReceptiveFieldResult>;
  int8(request: Int8Request, watch?: Watch): Promise<Int8Result>;
  dispose(): Promise<void>;
}
