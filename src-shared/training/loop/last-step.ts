// The last whole step of a training whose backend may lose what it holds: a copy in the host's memory, handed out where the step
// under way is lost, so that the run goes on from there and not from its last checkpoint. Invariant: a copy that was read when
// the backend may have been lost already is not handed out; it counts once the backend has told something after it.
import type { EngineTrainingEvent, WeightsEvent } from './events';
import { HalfStep } from './half-step';

export class LastStep {
  #read: WeightsEvent | null = null;
  #sure: WeightsEvent | null = null;

  /** A copy was read from the backend. */
  keep(weights: WeightsEvent): void {
    this.#read = weights;
  }

  /** The events of a training that is told to `keep`; the copy comes before the error of a half step. */
  async *before(events: AsyncGenerator<EngineTrainingEvent, void>): AsyncGenerator<EngineTrainingEvent, void> {
    try {
      for await (const event of events) {
        this.#saw(event);
        yield event;
      }
    } catch (error) {
      if (error instanceof HalfStep && this.#sure !== null) yield this.#sure;
      throw error;
    }
  }

  #saw(event: EngineTrainingEvent): void {
    if (event.type === 'weights') {
      // What is handed out is later than any copy.
      this.#read = null;
      this.#sure = null;
    } else if (this.#read !== null) {
      this.#sure = this.#read;
      this.#read = null;
    }
  }
}
