// Progress on stderr. On a terminal one line is redrawn in place: a training's epoch, step, loss, accuracy,
// images/s and time left, or what a merge or a proof is busy with. In a pipe only whole epochs are printed.
import { percentText } from '@shared/base/number-text';
import { printable } from '@shared/base/printable';
import type { CheckpointFile } from '@shared/checkpoint/checkpoint-file';
import type { Task } from '@shared/model/spec';
import type { NamedTensors } from '@shared/tensor/tensor';
import type { TrainingEvent } from '@shared/training/recipe/event';

const BAR_WIDTH = 20;

/** What the validation of a task is judged by, for people. */
function metricName(task: Task): string {
  return task === 'segmentation' ? 'mIoU' : 'accuracy';
}

/** What is counted in training: mean IoU needs the whole split, a batch of scenes has its share of right pixels. */
function batchMetricName(task: Task): string {
  return task === 'segmentation' ? 'pixels right' : 'accuracy';
}

/** Where progress is shown: stderr, or what stands for it in a test. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/** One line of a terminal, redrawn in place. In a pipe nothing is written: there only results and remarks belong. */
export class StatusLine {
  private shown = false;

  constructor(private readonly stream: ProgressStream = process.stderr) {}

  show(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.write(`\r\u001b[K${printable(text).slice(0, (this.stream.columns ?? 120) - 1)}`);
    this.shown = true;
  }

  /** Part `done` of `total` of some work; `at` says where it is. */
  showPart(what: string, done: number, total: number, at: string): void {
    this.show(`${what} ${barText(done, total)} ${at}`);
  }

  /** Shows `text` with the seconds that went by until `work` is done. */
  async during<T>(text: string | (() => string), work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const draw = (): void => this.show(`${typeof text === 'string' ? text : text()}, ${duration((performance.now() - start) / 1000)}`);
    draw();
    const timer = setInterval(draw, 1000);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      this.clear();
    }
  }

  /** As `during`, for work on `total` samples that says how many are done; their share is shown once a first part is. */
  async duringParts<T>(text: string, work: (onProgress: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    let reached = '';
    return this.during(
      () => `${text}${reached}`,
      () => work((done, total) => (reached = done < total ? `, ${barText(done, total)} ${done} of ${total}` : '')),
    );
  }

  /** Takes the line away, so that other text can follow. */
  clear(): void {
    if (this.shown) this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}

/** Reads a checkpoint's values with the share read so far shown. */
export async function readShown(file: CheckpointFile, status: StatusLine): Promise<NamedTensors> {
  try {
    return await file.readAll((done, total) => status.showPart(`reading ${file.fileName}`, done, total, sizesText(done, total)));
  } finally {
    status.clear();
  }
}

/** `250 of 500 MB`; below 10 MB in kB, begun ones counted, so that a small file is not "0 of 0". */
function sizesText(done: number, total: number): string {
  const [unit, bytes] = total < 1e7 ? ['kB', 1e3] : ['MB', 1e6];
  return `${Math.ceil(done / bytes)} of ${Math.ceil(total / bytes)} ${unit}`;
}

/** Writes a training's events as a progress display. */
export class ProgressLine {
  private readonly status: StatusLine;

  constructor(
    private readonly stream: ProgressStream,
    private readonly epochs: number,
    private readonly task: Task,
  ) {
    this.status = new StatusLine(stream);
  }

  show(event: TrainingEvent): void {
    switch (event.type) {
      case 'backend':
        this.line(`backend ${event.backend}: ${event.reason}`);
        if (event.change !== undefined) this.line(event.change);
        return;
      case 'step':
        return this.status.show(this.stepText(event));
      case 'epoch':
        return this.line(this.epochText(event));
      case 'checkpoint':
        return;
      case 'state':
        if (event.state !== 'running' || event.mended) this.line(event.message);
    }
  }

  private stepText(event: Extract<TrainingEvent, { type: 'step' }>): string {
    return [
      `epoch ${event.epoch}/${this.epochs} ${barText(event.step, event.stepsPerEpoch)} ${event.step}/${event.stepsPerEpoch}`,
      `loss ${event.loss.toFixed(3)}`,
      `${batchMetricName(this.task)} ${percent(event.metric)}`,
      `${event.imagesPerSecond.toFixed(0)} images/s`,
      `${duration(event.secondsLeft)} left`,
    ].join('  ');
  }

  private epochText({ epoch, train, validation, seconds }: Extract<TrainingEvent, { type: 'epoch' }>): string {
    const pairs = validation.verification === undefined ? '' : `  verification ${percent(validation.verification)}`;
    return `epoch ${epoch}/${this.epochs}  train loss ${train.loss.toFixed(3)} ${batchMetricName(this.task)} ${percent(train.metric)}  validation loss ${validation.loss.toFixed(3)} ${metricName(this.task)} ${percent(validation.metric)}${pairs}  ${seconds.toFixed(1)} s`;
  }

  /** A line of its own, above the one that is redrawn. */
  line(text: string): void {
    this.clear();
    this.stream.write(`${printable(text, 'lines')}\n`);
  }

  /** Takes the redrawn line away, so that other text can follow. */
  clear(): void {
    this.status.clear();
  }
}

/** `[####................]` */
function barText(done: number, total: number): string {
  const filled = Math.round((BAR_WIDTH * done) / Math.max(total, 1));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}

function percent(share: number): string {
  return percentText(share);
}

/** Seconds as `1:05` or `2:03:10`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
