// Results of the steps made: read back some at a time, since every reading waits for the backend, into the sums of the
// epoch and the pace of the training.
import type { MetricPair } from '../recipe/event';
import type { Position } from './position';
import type { StepResult } from './session';

/** Results are read back about this often. */
const SECONDS_BETWEEN_READS = 0.25;
const MOST_STEPS_BETWEEN_READS = 16;

export class StepResults {
  /** Of the steps last read back; 0 before. */
  secondsPerStep = 0;
  /** Means over the steps last read back. */
  recent: MetricPair = { loss: 0, metric: 0 };
  #unread: StepResult[] = [];
  /** When the last results were read back, or training went on. */
  #since = 0;
  #readEvery = 1;

  /** Adds to the sums and the time of `position`. `now`: milliseconds of a steady clock. */
  constructor(
    private readonly position: Position,
    private readonly now: () => number,
  ) {}

  /** Training goes on from here: the time before was spent otherwise. Gives the present time. */
  goOn(): number {
    return (this.#since = this.now());
  }

  add(result: StepResult): void {
    this.#unread.push(result);
  }

  get areUnread(): boolean {
    return this.#unread.length > 0;
  }

  get areDue(): boolean {
    return this.#unread.length >= this.#readEvery;
  }

  /** Reads back what is unread. Gives whether the loss is still a number. */
  async read(): Promise<boolean> {
    const { position } = this;
    if (this.areUnread) {
      const results = await Promise.all(this.#unread.map((result) => result.read()));
      this.recent = { loss: mean(results.map(({ loss }) => loss)), metric: mean(results.map(({ metric }) => metric)) };
      for (const { loss, metric } of results) {
        position.lossSum += loss;
        position.metricSum += metric;
      }
      this.#measurePace();
      this.#unread = [];
    }
    return Number.isFinite(position.lossSum);
  }

  #measurePace(): void {
    const seconds = Math.max(1e-6, (this.now() - this.#since) / 1000);
    this.position.seconds += seconds;
    this.secondsPerStep = seconds / this.#unread.length;
    this.#readEvery = Math.max(1, Math.min(MOST_STEPS_BETWEEN_READS, Math.floor(SECONDS_BETWEEN_READS / this.secondsPerStep)));
    this.goOn();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
