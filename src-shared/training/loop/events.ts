// What the training loop hands out: what it tells its listeners, and weights to be kept by whoever owns the run.
import { z } from 'zod';
import { count, type Stored } from '../../base/sent';
import { namedTensorsSchema } from '../../tensor/tensor';
import { trainingEventSchema } from '../recipe/event';

export const resumePointSchema = z.object({
  epoch: count,
  weights: namedTensorsSchema,
  /** Optimizer moments, step counter and random states, by name. */
  state: namedTensorsSchema,
});
/** Where a run goes on: what the last checkpoint stored. */
export type ResumePoint = Stored<z.infer<typeof resumePointSchema>>;

const weightsEvent = z.object({
  type: z.literal('weights'),
  epoch: count,
  step: count,
  best: z.boolean(),
  interim: z.boolean().optional(),
  point: resumePointSchema,
});
export const engineTrainingEventSchema = z.discriminatedUnion('type', [...trainingEventSchema.options, weightsEvent]);

/**
 * A training event, or weights to be persisted by whoever owns the run folder: after `epoch` completed epochs
 * and `step` steps of the next one (0 at an epoch's end; above 0 where a run was stopped within an epoch, or where an
 * epoch is so long that weights are handed out amid it: these, `interim`, are of no use once there are later ones).
 */
export type EngineTrainingEvent = Stored<z.infer<typeof engineTrainingEventSchema>>;
/** Weights to be persisted. */
export type WeightsEvent = Extract<EngineTrainingEvent, { type: 'weights' }>;
