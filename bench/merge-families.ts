// How long the merge of a RepVGG-B3-sized file takes, against reading and writing the very same file in the same run: 28 blocks of
// three branches, 123 million weights in training form, 492 MB, of random values. Whole work counted: the merge is everything
// between the tensors read and the tensors to write (finding the groups, folding, padding, adding in double precision, rounding).
//
// Two ratios are told. `merge / (read + write)` is the merge alone; `repmlp merge` as a whole is read, merge and write of the
// smaller merged file, over read and write of the training file: at most 2 is the promise. All four take turns and are warm after
// the first round; the best of the rounds is undisturbed by other work, the median beside it is not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpointFile, writeCheckpointFile } from '../electron/files';
import { findGroups } from '../src-shared/merge/recipes/find-groups';
import { mergeGroups } from '../src-shared/merge/recipes/merge-groups';
import { randomFrom, seed } from '../src-shared/tensor/random';
import { elementCount, floatTensor, tensorInfos, type NamedTensors, type Tensor } from '../src-shared/tensor/tensor';
import { UserError } from '../src-shared/base/user-error';

/** Stages of RepVGG-B3: blocks and channels; the first block of each halves the map and has no identity. */
const STAGES = [
  [1, 64],
  [4, 192],
  [6, 384],
  [16, 768],
  [1, 2560],
] as const;

/** Runs the benchmark; `--rounds N` (default 3), `--width S` scales all channels (default 1), to try it out. */
export async function run(args: string[]): Promise<void> {
  const [rounds, width] = [numberOf(args, '--rounds', 3), numberOf(args, '--width', 1)];
  const folder = await mkdtemp(join(tmpdir(), 'repmlp-bench-'));
  try {
    const path = join(folder, 'train.safetensors');
    await writeCheckpointFile(path, randomNetwork(width));
    const times: Times = { read: [], merge: [], 'write merged': [], 'write as read': [] };
    for (let round = 0; round <= rounds; round++) await oneRound(path, folder, round === 0 ? null : times);
    report(times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Times = Record<'read' | 'merge' | 'write merged' | 'write as read', number[]>;

/** Without `times` a round that only warms up. */
async function oneRound(path: string, folder: string, times: Times | null): Promise<void> {
  const timed = async <T>(what: keyof Times, work: () => T | Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    times?.[what].push(performance.now() - start);
    return result;
  };
  const weights = await timed('read', async () => {
    const file = await openCheckpointFile(path);
    return file.readAll().finally(() => file.close());
  });
  const { weights: merged, merged: groups, left } = await timed('merge', () => mergeGroups(weights, findGroups(tensorInfos(weights))));
  if (groups.length !== 28 || left.length > 0)
    throw new Error(`28 groups have to merge and nothing be left; ${groups.length} did, ${left.length} are left`);
  await timed('write merged', () => writeCheckpointFile(join(folder, 'merged.safetensors'), merged, { force: true }));
  await timed('write as read', () => writeCheckpointFile(join(folder, 'copy.safetensors'), weights, { force: true }));
}

function report(times: Times): void {
  const best = (what: keyof Times): number => Math.min(...times[what]);
  const median = (what: keyof Times): number => [...times[what]].sort((a, b) => a - b)[times[what].length >> 1];
  for (const what of Object.keys(times) as (keyof Times)[])
    console.log(`${what.padEnd(14)} ${best(what).toFixed(0).padStart(7)} ms (median ${median(what).toFixed(0)})`);
  const ratios = (time: (what: keyof Times) => number): [number, number] => {
    const copying = time('read') + time('write as read');
    return [time('merge') / copying, (time('read') + time('merge') + time('write merged')) / copying];
  };
  const [[alone, whole], [aloneMedian, wholeMedian]] = [ratios(best), ratios(median)];
  console.log(`merge / (read + write)                        ${alone.toFixed(2)} (${aloneMedian.toFixed(2)})`);
  console.log(`(read + merge + write merged) / (read + write) ${whole.toFixed(2)} (${wholeMedian.toFixed(2)})`);
  console.log(whole <= 2 ? 'at most twice the time of reading and writing' : 'MORE than twice the time of reading and writing');
}

/** A RepVGG-B3 in training form with random weights; variances positive. */
function randomNetwork(width: number): NamedTensors {
  const random = randomFrom(seed(1));
  const weights = new Map<string, Tensor>();
  const add = (name: string, shape: readonly number[], least = -0.5): void => {
    const data = new Float32Array(elementCount(shape));
    for (let i = 0; i < data.length; i++) data[i] = random.uniform() + least;
    weights.set(name, floatTensor(shape, data));
  };
  const norm = (at: string, channels: number): void => {
    for (const part of ['weight', 'bias', 'running_mean']) add(`${at}.${part}`, [channels]);
    add(`${at}.running_var`, [channels], 0.5);
  };
  let inputs = 3;
  for (const [stage, [blocks, full]] of STAGES.entries()) {
    const channels = Math.max(8, Math.round(full * width));
    for (let block = 0; block < blocks; block++) {
      const at = stage === 0 ? 'stage0' : `stage${stage}.${block}`;
      if (inputs === channels) norm(`${at}.rbr_identity`, channels);
      add(`${at}.rbr_dense.conv.weight`, [channels, inputs, 3, 3]);
      norm(`${at}.rbr_dense.bn`, channels);
      add(`${at}.rbr_1x1.conv.weight`, [channels, inputs, 1, 1]);
      norm(`${at}.rbr_1x1.bn`, channels);
      inputs = channels;
    }
  }
  return weights;
}

function numberOf(args: readonly string[], name: string, usual: number): number {
  const at = args.indexOf(name);
  const value = at < 0 ? usual : Number(args[at + 1]);
  if (!(value > 0)) throw new UserError(`${name} takes a positive number, got "${args[at + 1]}"`);
  return value;
}
