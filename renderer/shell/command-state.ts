// One subscription to everything a command's `when` may look at.
import { ablation } from '../stages/training/ablation';
import { dataset } from '../stages/dataset/dataset';
import { evaluation } from '../stages/training/evaluation/evaluation';
import { figure } from '../stages/figure/figure';
import { merge } from '../stages/merge/merge';
import { model } from '../stages/model/model';
import { navigation } from '../studio/navigation';
import { patterns } from '../stages/pattern/pattern';
import { runs } from '../studio/runs';
import { connection } from '../studio/studio';
import { training } from '../stages/training/training';
import { weights } from '../studio/weights';

const STORES = [connection, navigation, dataset, model, training, runs, merge, weights, figure, patterns, evaluation, ablation];

/** Calls `listener` after any change; returns the function that ends it. */
export function subscribeToState(listener: () => void): () => void {
  const ends = STORES.map((store) => store.subscribe(listener));
  return () => ends.forEach((end) => end());
}
