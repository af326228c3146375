// The end of an evaluation for whoever waits for it.
import type { Evaluated, EvaluationEvent } from './engine';

/** What an evaluation found; `onProgress` hears how many pictures of all are done. Rejects with what stopped it. */
export async function evaluatedBy(
  events: AsyncIterable<EvaluationEvent>,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Evaluated> {
  for await (const event of events) {
    if (event.type === 'done') return event.evaluated;
    onProgress(event.done, event.total);
  }
  throw new Error('the evaluation ended without a result');
}
