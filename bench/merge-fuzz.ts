// The fuzz of merges at length: `merge-fuzz [COUNT] [SEED] [FROM]`, a million changed checkpoints by default; ends with
// exit code 1 and their numbers where a wrong merge had a green verdict.
import { seed } from '@shared/tensor/random';
import { emptyTally, fuzzMerges } from '../testing/merge-fuzz/campaign';

const BATCH = 10_000;

/** Runs the campaign and prints its tally. */
export async function run(args: string[]): Promise<void> {
  const [count = 1_000_000, base = 1, from = 0] = args.map(Number);
  const tally = emptyTally();
  const start = performance.now();
  let known = 0;
  for (let index = from; index < from + count; index += BATCH) {
    await fuzzMerges(seed(base), index, Math.min(index + BATCH, from + count), tally);
    console.error(`${Math.min(index + BATCH - from, count)} of ${count}`, ...tally.wrong.slice(known));
    known = tally.wrong.length;
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${count} checkpoints in ${seconds.toFixed(0)} s: ${tally.merged} merged and right, ${tally.refused} refused, ${tally.wrong.length} wrong`,
  );
  for (const [name, merged] of tally.folded) console.log(`  ${name}: ${merged} merged`);
  if (tally.wrong.length > 0) process.exitCode = 1;
}
