// One subscription to everything a command's `when` may look at.
import { ablation } from '../state/ablation';
import { dataset } from '../state/dataset';
import { evaluation } from '../state/evaluation';
import { figure } from '../state/figure';
import { merge } from '../state/merge';
import { model } from '../state/model';
import { navigation } from '../state/navigation';
import { patterns } from '../state/patterns';
import { runs } from '../state/runs';
import { connection } from '../state/studio';
import { training } from '../state/training';
import { weights } from '../state/weights';

const STORES = [connection, navigation, dataset, model, training, runs, merge, weights, figure, patterns, evaluation, ablation];

/** Calls `listener` after any change; returns the function that ends it. */
export function subscribeToState(listener: () => void): () => void {
  const ends = STORES.map((store) => store.subscribe(listener));
  return () => ends.forEach((end) => end());
}
