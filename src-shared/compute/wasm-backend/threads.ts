// Work shared between the calling thread and others on the backend's memory. Work is cut into ranges of outputs, never
// of sums: results do not depend on who computes what. Workers in which a call failed are not used again:
// the calling thread computes alone, cut as before, until others are ready.
import { KernelFailure } from '../kernel-failure';
import { Workers } from './workers';
import type { KernelFunctions } from './kernels.wasm';

type SharedWork = keyof KernelFunctions;
type Calls = Readonly<Record<SharedWork, (...values: number[]) => void>>;

/** So many sets of workers may fail one soon after the other before no more are started; one that did so many jobs did not fail soon. */
const [MOST_STARTS, MANY_JOBS] = [8, 100_000];

export class Pool {
  /** The calling thread and the others, whether they are there now or not. */
  readonly threads: number;
  readonly #calls: Calls;
  readonly #startWorkers: (onLost: () => void) => Promise<Workers>;
  #workers: Workers | null = null;
  #starting: Promise<void> = Promise.resolve();
  #failedStarts = 0;
  #jobs = 0;

  private constructor(calls: Calls, threads: number, startWorkers: (onLost: () => void) => Promise<Workers>) {
    this.#calls = calls;
    this.threads = threads;
    this.#startWorkers = startWorkers;
  }

  /** Starts `threads - 1` threads on the memory; `calls` are the same kernels on the calling one. */
  static async start(calls: Calls, module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Promise<Pool> {
    const pool = new Pool(calls, threads, (onLost) => Workers.start(module, memory, threads - 1, onLost));
    if (threads > 1) await pool.#employ();
    return pool;
  }

  /** Resolves when the threads are there again after a failure, or will not be. */
  get ready(): Promise<void> {
    return this.#starting;
  }

  /** Runs one call per thread, at most `threads` of them, and returns when all are done. Throws KernelFailure where one of them fails. */
  run(work: SharedWork, calls: readonly (readonly number[])[]): void {
    const workers = calls.length > 1 ? this.#workers : null;
    const failure = workers ? this.#runOn(workers, work, calls) : this.#runAlone(work, calls);
    if (failure) throw failure;
  }

  #runAlone(work: SharedWork, calls: readonly (readonly number[])[]): KernelFailure | null {
    for (const values of calls) {
      const failure = this.#attempt(work, values);
      if (failure) return failure;
    }
    return null;
  }

  #runOn(workers: Workers, work: SharedWork, calls: readonly (readonly number[])[]): KernelFailure | null {
    const others = calls.slice(1);
    this.#jobs++;
    workers.offer(work, others);
    let failure = this.#attempt(work, calls[0]);
    // All are waited for: they write into memory that whoever catches an error may give away.
    for (const [index, values] of others.entries()) {
      if (workers.takeBack(index)) failure ??= this.#attempt(work, values);
      else {
        const error = workers.outcome(index);
        if (error) this.#replace(workers);
        failure ??= error && KernelFailure.of(work, values, `thread ${index + 2} of ${this.threads}`, error);
      }
    }
    return failure;
  }

  #attempt(work: SharedWork, values: readonly number[]): KernelFailure | null {
    try {
      this.#calls[work](...values);
      return null;
    } catch (error) {
      return KernelFailure.of(work, values, `thread 1 of ${this.threads}`, error as Error);
    }
  }

  async #employ(): Promise<void> {
    let lost = false;
    const workers = await this.#startWorkers(() => {
      lost = true;
      if (this.#workers !== null) this.#replace(this.#workers);
    });
    if (lost) workers.end();
    else this.#workers = workers;
  }

  /** Ends the workers and has others started, unless too many have failed. */
  #replace(workers: Workers): void {
    if (this.#workers !== workers) return;
    workers.end();
    this.#workers = null;
    this.#failedStarts = this.#jobs < MANY_JOBS ? this.#failedStarts + 1 : 1;
    this.#jobs = 0;
    const failed = (reason: string): void => console.warn(`computes on one thread instead of ${this.threads} from now on: ${reason}`);
    if (this.#failedStarts > MOST_STARTS) failed('the others failed too often');
    else this.#starting = this.#employ().catch((error: unknown) => failed(String(error)));
  }
}
