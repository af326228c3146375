// The progress line of a training on stderr: epoch, step, loss, accuracy, images/s, time left. On a
// terminal it is redrawn in place; in a pipe only whole epochs are printed.
import type { Task } from '@shared/model/spec';
import type { TrainingEvent } from '@shared/training/recipe';

const BAR_WIDTH = 20;

/** Name of a task's metric for people. */
export function metricName(task: Task): string {
  return task === 'segmentation' ? 'mIoU' : 'accuracy';
}

/** Writes a training's events as a progress display. */
export class ProgressLine {
  private shown = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly epochs: number,
    private readonly metric: string,
  ) {}

  show(event: TrainingEvent): void {
    switch (event.type) {
      case 'backend':
        return this.line(`backend ${event.backend}: ${event.reason}`);
      case 'step':
        return this.redraw(this.stepText(event));
      case 'epoch':
        return this.line(this.epochText(event));
      case 'checkpoint':
        return;
      case 'state':
        if (event.state !== 'running') this.line(event.message);
    }
  }

  private stepText(event: Extract<TrainingEvent, { type: 'step' }>): string {
    const done = Math.round((BAR_WIDTH * event.step) / event.stepsPerEpoch);
    const bar = '#'.repeat(done) + '.'.repeat(BAR_WIDTH - done);
    return [
      `epoch ${event.epoch}/${this.epochs} [${bar}] ${event.step}/${event.stepsPerEpoch}`,
      `loss ${event.loss.toFixed(3)}`,
      `${this.metric} ${percent(event.metric)}`,
      `${event.imagesPerSecond.toFixed(0)} images/s`,
      `${duration(event.secondsLeft)} left`,
    ].join('  ');
  }

  private epochText({ epoch, train, validation, seconds }: Extract<TrainingEvent, { type: 'epoch' }>): string {
    return `epoch ${epoch}/${this.epochs}  train loss ${train.loss.toFixed(3)} ${this.metric} ${percent(train.metric)}  validation loss ${validation.loss.toFixed(3)} ${this.metric} ${percent(validation.metric)}  ${seconds.toFixed(1)} s`;
  }

  private redraw(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns ?? 120) - 1)}`);
    this.shown = true;
  }

  private line(text: string): void {
    this.stream.write(`${this.shown ? '\r\u001b[K' : ''}${text}\n`);
    this.shown = false;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Seconds as `1:05` or `2:03:10`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
