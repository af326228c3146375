// The calls of an engine, for whoever uses it from another thread. What goes part by part is a stream of how far it is
// that ends with its result.
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { sent } from '../../base/sent';
import {
  backendReportSchema,
  evaluateRequestSchema,
  forwardRequestSchema,
  forwardResultSchema,
  int8RequestSchema,
  int8ResultSchema,
  measureReportSchema,
  measureRequestSchema,
  receptiveFieldRequestSchema,
  receptiveFieldResultSchema,
  parityRequestSchema,
  parityResultSchema,
  trainRequestSchema,
  verifyRequestSchema,
} from '../../compute/engine';
import { verifyReportSchema } from '../../merge/report';
import { partsDone } from '../../tensor/parts';
import { evaluationEventSchema } from '../../training/evaluation/evaluated';
import { engineTrainingEventSchema } from '../../training/loop/events';
import { trainingControlSchema } from '../../training/recipe/recipe-schema';

export const engineContract = {
  backends: oc.output(sent(z.array(backendReportSchema))),
  forward: oc.input(sent(forwardRequestSchema)).output(eventIterator(sent(partsDone), sent(forwardResultSchema))),
  verify: oc.input(sent(verifyRequestSchema)).output(eventIterator(sent(partsDone), sent(verifyReportSchema))),
  parity: oc.input(sent(parityRequestSchema)).output(eventIterator(sent(partsDone), sent(parityResultSchema))),
  train: oc.input(sent(trainRequestSchema)).output(eventIterator(sent(engineTrainingEventSchema))),
  control: oc.input(sent(z.object({ run: z.string(), control: trainingControlSchema }))).output(z.void()),
  evaluate: oc.input(sent(evaluateRequestSchema)).output(eventIterator(sent(evaluationEventSchema))),
  measure: oc.input(sent(measureRequestSchema)).output(sent(measureReportSchema)),
  receptiveField: oc.input(sent(receptiveFieldRequestSchema)).output(eventIterator(sent(partsDone), sent(receptiveFieldResultSchema))),
  int8: oc.input(sent(int8RequestSchema)).output(eventIterator(sent(partsDone), sent(int8ResultSchema))),
  dispose: oc.output(z.void()),
};
export type EngineContract = typeof engineContract;
