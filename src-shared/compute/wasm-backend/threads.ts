// Work shared between the calling thread and others on the backend's memory. Work is cut into ranges of outputs, never
// of sums: results do not depend on who computes what. A crew of threads in which a call failed is not used again:
// the calling thread computes alone, cut as before, until another crew is ready.
import { KernelFailure } from '../kernel-failure';
import { Crew } from './crew';
import type { KernelFunctions } from './kernels.wasm';

type SharedWork = keyof KernelFunctions;
type Calls = Readonly<Record<SharedWork, (...values: number[]) => void>>;

/** So many crews may fail one soon after the other before no more are started; a crew that did so many jobs did not fail soon. */
const [MOST_CREWS, MANY_JOBS] = [8, 100_000];

export class Pool {
  /** The calling thread and the others, whether they are there now or not. */
  readonly threads: number;
  readonly #calls: Calls;
  readonly #startCrew: (onLost: () => void) => Promise<Crew>;
  #crew: Crew | null = null;
  #starting: Promise<void> = Promise.resolve();
  #failedCrews = 0;
  #jobs = 0;

  private constructor(calls: Calls, threads: number, startCrew: (onLost: () => void) => Promise<Crew>) {
    this.#calls = calls;
    this.threads = threads;
    this.#startCrew = startCrew;
  }

  /** Starts `threads - 1` threads on the memory; `calls` are the same kernels on the calling one. */
  static async start(calls: Calls, module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Promise<Pool> {
    const pool = new Pool(calls, threads, (onLost) => Crew.start(module, memory, threads - 1, onLost));
    if (threads > 1) await pool.#employ();
    return pool;
  }

  /** Resolves when the threads are there again after a failure, or will not be. */
  get ready(): Promise<void> {
    return this.#starting;
  }

  /** Runs one call per thread, at most `threads` of them, and returns when all are done. Throws KernelFailure where one of them fails. */
  run(work: SharedWork, calls: readonly (readonly number[])[]): void {
    const crew = calls.length > 1 ? this.#crew : null;
    const failure = crew ? this.#runOn(crew, work, calls) : this.#runAlone(work, calls);
    if (failure) throw failure;
  }

  #runAlone(work: SharedWork, calls: readonly (readonly number[])[]): KernelFailure | null {
    for (const values of calls) {
      const failure = this.#attempt(work, values);
      if (failure) return failure;
    }
    return null;
  }

  #runOn(crew: Crew, work: SharedWork, calls: readonly (readonly number[])[]): KernelFailure | null {
    const others = calls.slice(1);
    this.#jobs++;
    crew.offer(work, others);
    let failure = this.#attempt(work, calls[0]);
    // All are waited for: they write into memory that whoever catches an error may give away.
    for (const [index, values] of others.entries()) {
      if (crew.takeBack(index)) failure ??= this.#attempt(work, values);
      else {
        const error = crew.outcome(index);
        if (error) this.#replace(crew);
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
    const crew = await this.#startCrew(() => {
      lost = true;
      if (this.#crew !== null) this.#replace(this.#crew);
    });
    if (lost) crew.end();
    else this.#crew = crew;
  }

  /** Ends a crew and has another one started, unless too many have failed. */
  #replace(crew: Crew): void {
    if (this.#crew !== crew) return;
    crew.end();
    this.#crew = null;
    this.#failedCrews = this.#jobs < MANY_JOBS ? this.#failedCrews + 1 : 1;
    this.#jobs = 0;
    const failed = (reason: string): void => console.warn(`computes on one thread instead of ${this.threads} from now on: ${reason}`);
    if (this.#failedCrews > MOST_CREWS) failed('the others failed too often');
    else this.#starting = this.#employ().catch((error: unknown) => failed(String(error)));
  }
}
