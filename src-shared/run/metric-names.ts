// What the metric of a task is called, of batches in training and of the validation's split.
import type { Task } from '../model/spec';

const NAMES: Readonly<Record<Task, string>> = { classification: 'accuracy', face: 'accuracy', segmentation: 'mIoU' };

/** A batch of scenes has its share of right pixels; mean IoU needs the whole split. */
const BATCH_NAMES: Readonly<Record<Task, string>> = { ...NAMES, segmentation: 'pixels right' };

/** The name of the validation's metric; several tasks in one plot name both. */
export function metricName(tasks: readonly Task[]): string {
  return joined(tasks.map((task) => NAMES[task]));
}

/** The name of the metric of training batches. */
export function batchMetricName(tasks: readonly Task[]): string {
  return joined(tasks.map((task) => BATCH_NAMES[task]));
}

/** What a plot of both training and validation shows. */
export function curveMetricName(tasks: readonly Task[]): string {
  const [batch, validation] = [batchMetricName(tasks), metricName(tasks)];
  return batch === validation ? validation : `${batch} (training), ${validation} (validation)`;
}

/** The name beside the axis of such a plot: short, where there are several. */
export function curveAxisName(tasks: readonly Task[]): string {
  const names = new Set(tasks.flatMap((task) => [NAMES[task], BATCH_NAMES[task]]));
  return names.size > 1 ? 'metric' : joined([...names]);
}

function joined(names: readonly string[]): string {
  return [...new Set(names)].join(' or ') || 'metric';
}
