// Fuzzing at length: `fuzz [COUNT] [SEED] [FROM]` feeds damaged real files and random pickles to the
// checkpoint readers, a million by default, and stops at the first that breaks a promise.
import { writeFile } from 'node:fs/promises';
import { type FuzzFile, FuzzFailure, fuzz, type Tally } from '../testing/fuzz/campaign';
import { type Seed, seed } from '@shared/tensor/random';
import { fuzzFiles } from '../testing/fuzz/fuzz-files';

const BATCH = 20_000;

/** Runs the campaign and prints its tally; a failing input is left in `fuzz-failure.bin`. */
export async function run(args: string[]): Promise<void> {
  const [count = 1_000_000, base = 1, from = 0] = args.map(Number);
  const files = await fuzzFiles();
  const start = performance.now();
  let total: Tally = { read: 0, refused: 0, slowest: 0, slowestInput: 0 };
  let highest = 0;
  for (let index = from; index < from + count; index += BATCH) {
    total = sum(total, await batch(files, seed(base), index, Math.min(index + BATCH, from + count)));
    highest = Math.max(highest, process.memoryUsage.rss());
    console.error(`${Math.min(index + BATCH - from, count)} of ${count}`);
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(`${count} inputs in ${seconds.toFixed(0)} s: ${total.read} read, ${total.refused} refused, 0 broken promises`);
  console.log(
    `slowest ${total.slowest.toFixed(1)} ms (input ${total.slowestInput}); highest memory of the process ${(highest / 2 ** 20).toFixed(0)} MiB`,
  );
}

async function batch(files: readonly FuzzFile[], base: Seed, from: number, to: number): Promise<Tally> {
  try {
    return await fuzz(files, base, from, to);
  } catch (error) {
    if (error instanceof FuzzFailure) await writeFile('fuzz-failure.bin', error.input);
    throw error;
  }
}

function sum(a: Tally, b: Tally): Tally {
  const slower = b.slowest > a.slowest ? b : a;
  return { read: a.read + b.read, refused: a.refused + b.refused, slowest: slower.slowest, slowestInput: slower.slowestInput };
}
