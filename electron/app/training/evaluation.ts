// Evaluations for a window, on the engine that can read the data set. Leaving the stream ends the work.
import type { EvaluationStep, WeightsReference } from '@shared/link/studio';
import type { Evaluation } from '@shared/training/evaluation/evaluated';
import type { DatasetReference } from '@shared/dataset/dataset';
import type { EvaluationReport } from '@shared/training/evaluation/evaluated';
import type { SceneView } from '@shared/training/evaluation/answers';
import type { Studio } from '../studio';
import { datasetForEvaluation } from '../dataset/datasets';
import { evaluate, expectEvaluable } from './evaluate';

interface Asked {
  readonly weights: WeightsReference;
  readonly dataset: DatasetReference;
  readonly both: boolean;
  readonly view: SceneView;
}

const WORDS = { weights: 'this file', both: 'a comparison of both forms', sliding: 'the view in sliding windows' } as const;

/** Evaluates weights, or both forms of them. Throws UserError where they do not fit the data set. */
export async function* evaluation({ weights, engines, datasets }: Studio, asked: Asked): AsyncGenerator<EvaluationStep, void> {
  const { both, view } = asked;
  const network = await weights.load(asked.weights);
  expectEvaluable({ ...network, both, view }, WORDS);
  const { reference: dataset } = await datasetForEvaluation(datasets, asked.dataset, network.spec.task);
  const { engine, place } = await engines.current(dataset);
  for await (const event of evaluate(engine, { ...network, dataset, both, view, backend: 'auto' }, WORDS)) {
    if (event.type === 'progress') {
      yield event;
      continue;
    }
    const { backend, report, seen, both: found } = event.evaluated;
    yield {
      type: 'done',
      place: `${backend}, ${place}`,
      form: network.spec.form,
      seen,
      report: withoutPredictions(report),
      both: found && { ...found, merged: withoutPredictions(found.merged) },
    };
  }
}

function withoutPredictions({ predictions: _, ...report }: EvaluationReport): Evaluation {
  return report;
}
