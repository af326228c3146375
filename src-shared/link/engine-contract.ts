// The calls of an engine, for whoever uses it from another thread. What goes part by part is a stream of how far it is
// that ends with its result.
import { eventIterator, oc, type } from '@orpc/contract';
import type { BackendReport, EvaluateRequest, ForwardRequest, ForwardResult, MeasureReport, MeasureRequest } from '../compute/engine';
import type { TrainRequest, VerifyRequest } from '../compute/engine';
import type { VerifyReport } from '../merge/report';
import type { EvaluationEvent } from '../training/evaluation/evaluated';
import type { EngineTrainingEvent } from '../training/loop/events';
import type { TrainingControl } from '../training/recipe/recipe';

/** How many samples of all are done. */
export interface PartsDone {
  readonly done: number;
  readonly total: number;
}

export const engineContract = {
  backends: oc.output(type<readonly BackendReport[]>()),
  forward: oc.input(type<ForwardRequest>()).output(eventIterator(type<PartsDone>(), type<ForwardResult>())),
  verify: oc.input(type<VerifyRequest>()).output(eventIterator(type<PartsDone>(), type<VerifyReport>())),
  train: oc.input(type<TrainRequest>()).output(eventIterator(type<EngineTrainingEvent>())),
  control: oc.input(type<{ readonly run: string; readonly control: TrainingControl }>()).output(type<void>()),
  evaluate: oc.input(type<EvaluateRequest>()).output(eventIterator(type<EvaluationEvent>())),
  measure: oc.input(type<MeasureRequest>()).output(type<MeasureReport>()),
  dispose: oc.output(type<void>()),
};
export type EngineContract = typeof engineContract;
