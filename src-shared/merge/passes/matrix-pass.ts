// Chooses who writes a merged matrix: WebAssembly SIMD where the host has it, plain JavaScript elsewhere
// and for kernels too large for its scratch memory.
import type { MatrixJob } from './matrix-job';
import { writePlain } from './plain-pass';
import { hasWasmPass, MergeArena } from './wasm-pass';

/** Who writes: `auto` prefers WebAssembly. */
export type PassChoice = 'auto' | 'plain';

let scratch: MergeArena | null = null;

/** Writes the matrix into `job.out`; an arena whose arrays the job uses saves the copies through scratch memory. */
export function writeMatrix(job: MatrixJob, choice: PassChoice = 'auto', arena: MergeArena | null = null): void {
  if (choice === 'plain' || !hasWasmPass()) return writePlain(job);
  if (!(arena ?? scratchArena()).write(job)) writePlain(job);
}

function scratchArena(): MergeArena {
  scratch ??= new MergeArena(0);
  return scratch;
}
