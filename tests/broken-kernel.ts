// For tests: kernels that fail as a bad address makes them fail, on the thread they are given to.
import type { KernelFunctions } from '../src-shared/compute/wasm-backend/kernels.wasm';
import { Pool } from '../src-shared/compute/wasm-backend/threads';

type SharedWork = keyof KernelFunctions;

/** Beyond any memory that a test has, and so far from its end that no offset comes round to the beginning. */
const NOWHERE = 0xc0000000;

/**
 * From now on the last call of every job that `isBroken` picks has a place outside of memory for its first array. Jobs
 * are counted from 0, those of all kernels. Gives what ends it.
 */
export function breakKernels(isBroken: (work: SharedWork, job: number) => boolean): () => void {
  const { run } = Pool.prototype;
  let jobs = 0;
  Pool.prototype.run = function (this: Pool, work, calls) {
    const broken = isBroken(work, jobs++);
    run.call(this, work, broken ? [...calls.slice(0, -1), [NOWHERE, ...calls[calls.length - 1].slice(1)]] : calls);
  };
  return () => {
    Pool.prototype.run = run;
  };
}

/** Picks the first `times` jobs of one kernel from number `from` on, counting that kernel's jobs only. */
export function jobsOf(kernel: string, from: number, times = 1): (work: SharedWork) => boolean {
  let seen = 0;
  return (work) => work === kernel && seen++ >= from && seen <= from + times;
}
