// What steps report, [loss, share of right predictions] each, while it is on the backend. Every reading waits for the backend,
// so that asking for one report reads all that are there at once.
import * as tf from '@tensorflow/tfjs-core';
import type { StepResult } from '../../training/loop/session';

type Report = Awaited<ReturnType<StepResult['read']>>;

/** A report's tensor until it is read, then its reading. */
interface Kept {
  readonly tensor: tf.Tensor1D;
  reading: Promise<Report> | null;
}

export class Reports {
  #unread: Kept[] = [];

  /** `on`: runs an action on the backend that the reports are on. */
  constructor(private readonly on: (action: () => tf.Tensor) => tf.Tensor) {}

  /** Takes the tensor; gives how it is read, which may be asked for more than once. */
  add(tensor: tf.Tensor1D): StepResult['read'] {
    const kept: Kept = { tensor, reading: null };
    this.#unread.push(kept);
    return () => {
      if (kept.reading === null) this.#readAll();
      return kept.reading ?? Promise.reject(new Error('a step was asked for its loss after its session had ended'));
    };
  }

  #readAll(): void {
    const unread = this.#unread;
    this.#unread = [];
    const tensors = unread.map(({ tensor }) => tensor);
    const all = tensors.length > 1 ? this.on(() => tf.concat(tensors)) : tensors[0];
    if (all === undefined) return;
    const values = all.data<'float32'>().finally(() => all.dispose());
    for (const [i, kept] of unread.entries())
      kept.reading = values.then((numbers) => ({ loss: numbers[2 * i], metric: numbers[2 * i + 1] }));
    if (tensors.length > 1) tf.dispose(tensors);
  }

  dispose(): void {
    tf.dispose(this.#unread.map(({ tensor }) => tensor));
    this.#unread = [];
  }
}
