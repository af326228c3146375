// The validation after an epoch: the validation split and, of a face data set that brings some, the pairs. It may
// take longer than anybody who stops a run wants to wait, so it ends between batches when the run is to stop.
import type { DatasetSplits } from '../../dataset/dataset';
import type { TrainingSession } from './session';
import { evaluateForms } from '../evaluation/evaluate';
import { evaluateFaces } from '../evaluation/evaluate-faces';
import type { TrainingConfig } from '../recipe/recipe';
import type { ValidationResult } from '../recipe/event';

interface Validated {
  readonly config: Pick<TrainingConfig, 'spec' | 'recipe'>;
  readonly session: TrainingSession;
  readonly splits: DatasetSplits;
}

/** What the validation finds; null where `isStopping` before it is done. */
export async function validate(
  { config: { spec, recipe }, session, splits }: Validated,
  batchSize: number,
  isStopping: () => boolean,
): Promise<ValidationResult | null> {
  const options = { input: spec.input, scale: recipe.margin?.scale };
  const split = await unlessStopped(evaluateForms([session], splits.validation, batchSize, options), isStopping);
  if (split === null) return null;
  const { loss, metric } = split.reports[0];
  if (spec.task !== 'face' || !splits.verification) return { loss, metric };
  const embedder = { predict: (...batch: Parameters<TrainingSession['embed']>) => session.embed(...batch) };
  const pairs = { verification: splits.verification };
  const faces = await unlessStopped(evaluateFaces(embedder, pairs, batchSize, spec.input), isStopping);
  return faces && { loss, metric, verification: faces.verification?.accuracy };
}

/** The end of an evaluation; null where `isStopping` before it. */
async function unlessStopped<Result>(steps: AsyncGenerator<unknown, Result>, isStopping: () => boolean): Promise<Result | null> {
  while (!isStopping()) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
  await steps.return(undefined as never);
  return null;
}
