// One evaluation on request: the data set opened, the merged form made where both are asked for, the networks
// put on the backend.
import type { DatasetReference, DatasetSplits } from '../dataset/dataset';
import { mergeNetworkAsync, type WeightedNetwork } from '../merge/merge-network';
import { toleranceOf } from '../proof/tolerance';
import { depthOf } from '../proof/verify';
import type { NetworkSpec } from '../model/spec';
import type { FormTolerance } from '../training/evaluation/agreement';
import { evaluateNetwork } from '../training/evaluation/evaluate-network';
import type { BackendName } from '../training/recipe/recipe';
import { UserError } from '../base/user-error';
import { expectFloat32, openBackend, type OpenBackend } from './backend/choose';
import type { EvaluateRequest } from './engine';
import type { EvaluationEvent } from '../training/evaluation/evaluated';
import { createPredictor } from './session/predictor';

/** Most samples at once. */
const EVALUATION_BATCH = 128;

/** Evaluates weights, or both forms of them, on a data set. Throws UserError where they do not fit it. */
export async function* runEvaluation(
  request: EvaluateRequest,
  openDataset: (reference: DatasetReference) => Promise<DatasetSplits>,
): AsyncGenerator<EvaluationEvent, void> {
  const splits = await openDataset(request.dataset);
  try {
    yield* evaluateOn(splits, request);
  } finally {
    await splits.close?.();
  }
}

async function* evaluateOn(
  splits: DatasetSplits,
  { spec, weights, backend: choice, both = false, view = 'whole' }: EvaluateRequest,
): AsyncGenerator<EvaluationEvent, void> {
  const backend = await openBackend(choice);
  const own: WeightedNetwork = { spec, weights };
  const judged = yield* evaluateNetwork({
    forms: both ? [own, await mergedForm(own, backend)] : [own],
    splits,
    view,
    batchSize: EVALUATION_BATCH,
    tolerance: toleranceBetweenForms(spec, backend.name),
    openPredictor: (network, values) => createPredictor(network, values, backend.name),
  });
  yield { type: 'done', evaluated: { ...judged, backend: backend.name } };
}

/** Throws UserError for weights that are merged already, and on a GPU without float32 precision. */
function mergedForm({ spec, weights }: WeightedNetwork, backend: OpenBackend): Promise<WeightedNetwork> {
  if (spec.form === 'merged')
    throw new UserError(
      `these weights of ${spec.name} are merged already; the train form cannot be made of them: choose the train-form weights`,
    );
  expectFloat32(backend);
  return mergeNetworkAsync(spec, weights);
}

function toleranceBetweenForms(spec: NetworkSpec, backend: BackendName): FormTolerance {
  const [tolerance, depth] = [toleranceOf(backend), depthOf(spec)];
  return { value: tolerance.at(depth), reason: `${tolerance.reason} (the output lies ${depth} layers deep)` };
}
