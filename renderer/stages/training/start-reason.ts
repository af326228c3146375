// Why a run cannot start, known and said before it is asked for: nothing starts from a text that a field refused, nor with
// a network, recipe and data that do not belong together.
import { refusalOf } from '@shared/base/message-of';
import { runFolderName } from '@shared/run/run-name';
import { checkRecipe } from '@shared/training/recipe/fit';
import { refusedOn } from '../../studio/drafts';
import { network } from '../../studio/network/network';
import { dataset, reasonNotToTrain } from '../dataset';
import { training } from './training';

/** Null where it can start. */
export function reasonNotToStart(): string | null {
  const { spec, problem } = network.getState();
  if (spec === null) return problem ?? 'The chosen network cannot be built.';
  const { recipe, name } = training.getState();
  return (
    refusedOn('training', 'dataset', 'model') ??
    (name.trim() === '' ? null : refusalOf(() => runFolderName(name))) ??
    (recipe && refusalOf(() => checkRecipe(spec, recipe))) ??
    reasonNotToTrain(spec, dataset.getState())
  );
}
