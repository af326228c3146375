// What an epoch is judged by: the accuracy on face pairs where there are some, since people at a test are
// others than those trained on; else the metric of the validation split.
import type { ValidationResult } from '../recipe/event';

/** In [0, 1]. The best epoch is the one where it is largest. */
export function judgedBy({ metric, verification }: ValidationResult): number {
  return verification ?? metric;
}
