// The evaluation of a network on a data set, whoever asks: what cannot be evaluated as asked is refused before anything runs.
import type { Engine, EvaluateRequest } from '@shared/compute/engine';
import type { EvaluationEvent } from '@shared/training/evaluation/evaluated';
import { UserError } from '@shared/base/user-error';

/** What a door calls the weights and its two choices, as subjects of a sentence. */
export interface EvaluationWords {
  readonly weights: string;
  readonly both: string;
  readonly sliding: string;
}

/** Evaluates weights, or with `both` their train and merged form. Throws UserError where that cannot be done on this network. */
export function evaluate(engine: Engine, asked: EvaluateRequest, words: EvaluationWords): AsyncIterable<EvaluationEvent> {
  expectEvaluable(asked, words);
  return engine.evaluate(asked);
}

/** Throws UserError for both forms of merged weights, and for windows over what is no scene. */
export function expectEvaluable({ spec, both, view }: Pick<EvaluateRequest, 'spec' | 'both' | 'view'>, words: EvaluationWords): void {
  if (both && spec.form === 'merged')
    throw new UserError(`${words.weights} holds the merged form; ${words.both} takes the train form and merges it itself`);
  if (view === 'sliding' && spec.task !== 'segmentation')
    throw new UserError(`${words.sliding} is for scenes (Cityscapes, streets); ${spec.name} does not label pixels`);
}
