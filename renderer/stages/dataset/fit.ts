// Whether the chosen network fits the chosen data, known before anything starts. Asked often, so that the last answer is
// kept as long as neither changes.
import type { SampleSource } from '@shared/dataset/dataset';
import { openEmbedded } from '@shared/dataset/embedded/embedded';
import { refusalOf } from '@shared/base/message-of';
import type { NetworkSpec } from '@shared/model/spec';
import { checkFit, checkTrainable } from '@shared/training/recipe/fit';
import { fetchDigits } from '../../workers/engine/digits';
import type { DatasetChoice } from './dataset';

/** The training split of the chosen data; null where a folder is still being opened. Throws where they cannot be opened. */
export function trainingSource({ reference, folder, problem }: DatasetChoice): SampleSource | null {
  if (reference.kind === 'embedded') return openEmbedded(reference, fetchDigits).train;
  if (problem !== null) throw new Error(problem);
  return folder?.splits.train ?? null;
}

/** Why a network cannot be trained or judged on a source; null where it can. */
export function misfit(spec: NetworkSpec, source: SampleSource): string | null {
  return refusalOf(() => checkFit(spec, source, 'set it for the network'));
}

let last: { readonly spec: NetworkSpec; readonly choice: DatasetChoice; readonly problem: string | null } | null = null;

/** Why a network cannot be trained on the chosen data; null where it can, or where that is not known yet. */
export function reasonNotToTrain(spec: NetworkSpec, choice: DatasetChoice): string | null {
  if (last?.spec === spec && last.choice === choice) return last.problem;
  const problem = refusalOf(() => {
    const source = trainingSource(choice);
    if (source?.count === 0) checkTrainable(spec, source);
    else if (source) checkFit(spec, source, 'set it for the network');
  });
  last = { spec, choice, problem };
  return problem;
}
