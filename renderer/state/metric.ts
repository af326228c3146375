// What the metric of a task is called on screen.
import type { Task } from '@shared/model/spec';

const NAMES: Readonly<Record<Task, string>> = { classification: 'accuracy', face: 'accuracy', segmentation: 'mIoU' };

/** The metric's name; several tasks in one plot name both. */
export function metricName(tasks: readonly Task[]): string {
  return [...new Set(tasks.map((task) => NAMES[task]))].join(' or ') || 'metric';
}
