// What a training has been told and its last checkpoint does not know: said again to whatever goes on from that checkpoint.
// A rate is part of a checkpoint; that a run is paused, or is to stop, is not. Invariant: a stop is never forgotten.
import type { TrainingControl } from '@shared/training/recipe/recipe';
import type { TrainingEvent } from '@shared/training/recipe/event';
import type { EngineTrainingEvent } from '@shared/training/loop/events';

const isRate = ({ action }: TrainingControl): boolean => action === 'learningRate';

export class CommandsInForce {
  /** What was to hold from the first step on, as long as nothing has come of it. */
  private first: readonly TrainingControl[];
  private rate: TrainingControl | null = null;
  private paused = false;
  private stopping = false;

  constructor(first: readonly TrainingControl[] = []) {
    this.first = first;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Whether it was told to stop: then it goes on from nowhere. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** The training is told something. */
  took(control: TrainingControl): void {
    if (control.action === 'stop') this.stopping = true;
    if (isRate(control)) this.rate = control;
    else this.first = this.first.filter(isRate);
    if (control.action === 'pause' || control.action === 'resume') this.paused = control.action === 'pause';
  }

  /** The training tells something, and it is on disk. */
  saw(event: EngineTrainingEvent | TrainingEvent): void {
    if (event.type === 'state') this.paused = event.state === 'paused';
    if (this.paused) this.first = this.first.filter(isRate);
    if (event.type !== 'weights') return;
    this.first = [];
    this.rate = null;
  }

  list(): TrainingControl[] {
    return [
      ...this.first,
      ...(this.rate ? [this.rate] : []),
      ...(this.paused ? [{ action: 'pause' } as const] : []),
      ...(this.stopping ? [{ action: 'stop' } as const] : []),
    ];
  }
}
