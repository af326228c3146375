// What a running training tells its listeners. Epochs and steps count from 1; a step's loss and metric are means over the
// steps since the last such event, an epoch's over the whole epoch.
import { z } from 'zod';
import { computed, count, type Stored } from '../../base/sent';
import { BACKEND_NAMES } from './recipe-schema';

export const TRAINING_STATES = ['running', 'paused', 'stopped', 'finished', 'failed'] as const;
export type TrainingState = (typeof TRAINING_STATES)[number];

const metricPair = z.object({ loss: computed, metric: computed });
/** Mean loss and the task's metric (accuracy, or mIoU) in [0, 1]. */
export type MetricPair = Stored<z.infer<typeof metricPair>>;

/** Accuracy on the pairs of a face data set, of people nobody was trained on, in [0, 1], is left out where there are none. */
const validationResult = metricPair.extend({ verification: computed.optional() });
/** What an epoch's validation found. */
export type ValidationResult = Stored<z.infer<typeof validationResult>>;

const parameterNorm = z.object({ name: z.string(), weight: computed, gradient: computed });
/** Euclidean norms of a trained parameter and of its gradient, before clipping, at the last step of an epoch. */
export type ParameterNorm = Stored<z.infer<typeof parameterNorm>>;

const backendEvent = z.object({
  type: z.literal('backend'),
  backend: z.enum(BACKEND_NAMES),
  reason: z.string(),
  /** Computed by a window, whose end or reload takes the training back to its last checkpoint; said by the service. */
  inWindow: z.boolean().optional(),
  /** What a change of backend amid the run means for its weights; said by whoever keeps the run. */
  change: z.string().optional(),
});

const stepEvent = z.object({
  type: z.literal('step'),
  epoch: count,
  step: count,
  stepsPerEpoch: count,
  loss: computed,
  metric: computed,
  learningRate: computed,
  imagesPerSecond: computed,
  secondsPerStep: computed,
  secondsLeft: computed,
  tensors: count,
  bytes: count,
});

const epochEvent = z.object({
  type: z.literal('epoch'),
  epoch: count,
  train: metricPair,
  validation: validationResult,
  learningRate: computed,
  seconds: computed,
});

export const normsEventSchema = z.object({ type: z.literal('norms'), epoch: count, parameters: z.array(parameterNorm) });

const checkpointEvent = z.object({ type: z.literal('checkpoint'), epoch: count, file: z.string(), best: z.boolean() });

const stateEvent = z.object({
  type: z.literal('state'),
  state: z.enum(TRAINING_STATES),
  message: z.string(),
  /** Something failed and was made good, as the message says. */
  mended: z.literal(true).optional(),
});

export const trainingEventSchema = z.discriminatedUnion('type', [
  backendEvent,
  stepEvent,
  epochEvent,
  normsEventSchema,
  checkpointEvent,
  stateEvent,
]);
export type TrainingEvent = Stored<z.infer<typeof trainingEventSchema>>;
