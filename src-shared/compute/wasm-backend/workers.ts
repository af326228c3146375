// Threads on the backend's shared memory, each with a place where one call at a time is offered to it. An offer is
// taken exactly once, by the thread or back by whoever made it. Invariant: nothing is concluded from being woken up.
// A thread that finds a job before it is announced has done it when the announcement wakes it out of its next sleep;
// when that was taken for another job, calls ran twice and whoever waited for them went on too early.
import type { KernelFunctions } from './kernels.wasm';
import { startThread, type Thread } from './thread-host';

/** Control words: how many jobs there have been, then each thread's state. */
const [JOB, STATES] = [0, 1];
/** A thread's states; who changes OFFERED into TAKEN makes the call. */
const [IDLE, OFFERED, TAKEN, FAILED] = [0, 1, 2, 3];
/** Each thread's arguments: the kernel's number, their count, their values, as float64. */
const [ARGUMENTS_AT, ARGUMENTS] = [64, 32];
/** Bytes for each thread's error: their count as int32, then name, message and stack in UTF-8 with zeros between. */
const ERROR_BYTES = 4096;
/** Looks at a control word before going to sleep: waking up takes longer than a small job. */
const GLANCES = 20000;
/** A call that takes so many waits of this length belongs to a thread that is gone. No layer takes minutes. */
const [WAIT_MILLISECONDS, MOST_WAITS] = [1000, 600];

/** What a thread runs; plain text, for it must start without a bundle of its own in Node and in browsers. */
const THREAD = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self;
port.onmessage = ({ data: { module, memory, control, index, errorAt, names } }) => {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const words = new Int32Array(control);
  const state = ${STATES} + index;
  const values = new Float64Array(control, ${ARGUMENTS_AT} + index * ${ARGUMENTS} * 8, ${ARGUMENTS});
  const tell = (error) => {
    const parts = error instanceof Error ? [error.name, error.message, error.stack] : ['Error', String(error), ''];
    const text = new TextEncoder().encode(parts.join('\\0')).subarray(0, ${ERROR_BYTES - 4});
    new Uint8Array(control, errorAt + 4).set(text);
    words[errorAt / 4] = text.length;
  };
  let job = 0;
  port.postMessage('ready');
  for (;;) {
    for (let i = 0; i < ${GLANCES} && Atomics.load(words, ${JOB}) === job; i++);
    Atomics.wait(words, ${JOB}, job);
    job = Atomics.load(words, ${JOB});
    if (Atomics.compareExchange(words, state, ${OFFERED}, ${TAKEN}) !== ${OFFERED}) continue;
    let end = ${IDLE};
    try {
      kernels[names[values[0]]](...values.subarray(2, 2 + values[1]));
    } catch (error) {
      tell(error);
      end = ${FAILED};
    }
    Atomics.store(words, state, end);
    Atomics.notify(words, state);
  }
};`;

export class Workers {
  readonly #threads: readonly Thread[];
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #values: Float64Array<SharedArrayBuffer>;
  readonly #errorsAt: number;
  readonly #mostWaits: number;
  /** The kernels' names, by the numbers that the threads know them by. */
  readonly #names: readonly string[];

  private constructor(threads: readonly Thread[], names: readonly string[], control: SharedArrayBuffer, mostWaits: number) {
    this.#threads = threads;
    this.#names = names;
    this.#words = new Int32Array(control);
    this.#values = new Float64Array(control, ARGUMENTS_AT, threads.length * ARGUMENTS);
    this.#errorsAt = errorsAt(threads.length);
    this.#mostWaits = mostWaits;
  }

  /** Starts `count` threads (15 at most) on the memory; `onLost` is called when one ends without being asked to. */
  static async start(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    count: number,
    onLost: () => void = () => undefined,
    mostWaits = MOST_WAITS,
  ): Promise<Workers> {
    const control = new SharedArrayBuffer(errorsAt(count) + count * ERROR_BYTES);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    const message = { module, memory, control, names };
    const starts = Array.from({ length: count }, (_, index) =>
      startThread(THREAD, { ...message, index, errorAt: errorsAt(count) + index * ERROR_BYTES }, onLost),
    );
    return new Workers(await Promise.all(starts), names, control, mostWaits);
  }

  /** Offers one call per thread, to as many as there are calls. */
  offer(work: keyof KernelFunctions, calls: readonly (readonly number[])[]): void {
    const number = this.#names.indexOf(work);
    for (const [index, values] of calls.entries()) {
      this.#values.set([number, values.length, ...values], index * ARGUMENTS);
      Atomics.store(this.#words, STATES + index, OFFERED);
    }
    Atomics.add(this.#words, JOB, 1);
    Atomics.notify(this.#words, JOB);
  }

  /** Takes back the offer to a thread; false where the thread has begun. */
  takeBack(index: number): boolean {
    return Atomics.compareExchange(this.#words, STATES + index, OFFERED, IDLE) === OFFERED;
  }

  /** Waits until a thread that has begun is done; gives its error, null where there was none. */
  outcome(index: number): Error | null {
    const at = STATES + index;
    for (let i = 0; i < GLANCES && Atomics.load(this.#words, at) === TAKEN; i++);
    // A machine that slept counts as one wait, however long it slept.
    for (let waits = 0; Atomics.load(this.#words, at) === TAKEN; ) {
      if (waits++ === this.#mostWaits) return new Error('the thread does not answer');
      Atomics.wait(this.#words, at, TAKEN, WAIT_MILLISECONDS);
    }
    return Atomics.load(this.#words, at) === FAILED ? this.#errorOf(index) : null;
  }

  /** Ends all threads. */
  end(): void {
    this.#threads.forEach((thread) => thread.end());
  }

  #errorOf(index: number): Error {
    const at = this.#errorsAt + index * ERROR_BYTES;
    const [name, message, stack] = new TextDecoder()
      .decode(new Uint8Array(this.#words.buffer, at + 4, this.#words[at / 4]).slice())
      .split('\0');
    return Object.assign(new Error(message), { name, stack });
  }
}

/** Bytes of control words and arguments. */
function errorsAt(count: number): number {
  return ARGUMENTS_AT + count * ARGUMENTS * 8;
}
