// Commands to a training that is under way: pause, resume, one step, one epoch, stop, learning rate. The
// sender and the loop meet in one object; the loop looks at it between steps and waits on it when paused.
import { assertNever } from '../../base/assert-never';
import type { TrainingControl } from '../recipe/recipe';

type Until = 'forever' | 'step' | 'epoch';

/** Takes commands on one side and tells the training loop on the other. */
export class TrainingControls {
  #paused = false;
  #stopping = false;
  #until: Until = 'forever';
  #learningRate: number | null = null;
  #wake: () => void = () => undefined;

  /** Takes a command; it holds from the next step on. */
  send(control: TrainingControl): void {
    switch (control.action) {
      case 'pause':
        this.#paused = true;
        break;
      case 'resume':
        this.#go('forever');
        break;
      case 'step':
      case 'epoch':
        this.#go(control.action);
        break;
      case 'stop':
        this.#stopping = true;
        break;
      case 'learningRate':
        this.#learningRate = control.value;
        break;
      default:
        assertNever(control);
    }
    this.#wake();
  }

  #go(until: Until): void {
    this.#paused = false;
    this.#until = until;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  get paused(): boolean {
    return this.#paused && !this.#stopping;
  }

  /** The learning rate asked for since the last call, or null. */
  takeLearningRate(): number | null {
    const value = this.#learningRate;
    this.#learningRate = null;
    return value;
  }

  /** The loop reports a finished step; pauses if one step was asked for. */
  stepDone(): void {
    if (this.#until === 'step') this.#paused = true;
  }

  /** The loop reports a finished epoch; pauses if the rest of the epoch was asked for. */
  epochDone(): void {
    if (this.#until === 'epoch') this.#paused = true;
  }

  /** Resolves with the next command. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
