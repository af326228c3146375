// How long the merge of a RepVGG-B3-sized file takes, against reading and writing the very same file in the same run: 28 blocks of
// three branches, 123 million weights in training form, 492 MB, of random values. Whole work counted: the merge is everything
// between the tensors read and the tensors to write (finding the groups, folding, padding, adding in double precision, rounding).
//
// Two ratios are told. `merge / (read + write)` is the merge alone; `repmlp merge` as a whole is read, merge and write of the
// smaller merged file, over read and write of the training file: at most 2 is the promise. All four take turns and are warm after
// the first round; best rounds count, and the time of processors is told beside that on the wall, for a busy machine.
//
// On two cores that others shared: 0.75 and 1.07 by the wall, 0.78 and 1.20 by the time of processors.
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
    const nothing = (): Measured => ({ wall: [], processors: [] });
    const times: Times = { read: nothing(), merge: nothing(), 'write merged': nothing(), 'write as read': nothing() };
    for (let round = 0; round <= rounds; round++) await oneRound(path, folder, round === 0 ? null : times);
    report(times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Milliseconds of each round: on the wall, and of processors, which other programs do not lengthen. */
interface Measured {
  readonly wall: number[];
  readonly processors: number[];
}
const PHASES = ['read', 'merge', 'write merged', 'write as read'] as const;
type Phase = (typeof PHASES)[number];
type Times = Readonly<Record<Phase, Measured>>;

/** Without `times` a round that only warms up. */
async function oneRound(path: string, folder: string, times: Times | null): Promise<void> {
  const timed = async <T>(what: Phase, work: () => T | Promise<T>): Promise<T> => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    times?.[what].wall.push(performance.now() - start);
    times?.[what].processors.push((user + system) / 1000);
    return result;
  };
  const weights = await timed('read', async () => {
    const file = await openCheckpointFile(path);
    return file.readAll().finally(() => file.close());
  });
  const { weights: merged, merged: groups, left } = await timed('merge', () => mergeGroups(weights, findGroups(tensorInfos(weights))));
  if (groups.length !== 28 || left.length > 0)
    throw new Error(`28 groups have to merge and nothing be left; ${groups.length} did, ${left.length} are left`);
  await timed('write as read', () => writeCheckpointFile(join(folder, 'copy.safetensors'), weights, { force: true }));
  await timed('write merged', () => writeCheckpointFile(join(folder, 'merged.safetensors'), merged, { force: true }));
}

function report(times: Times): void {
  for (const what of PHASES) {
    const { wall, processors } = times[what];
    console.log(`${what.padEnd(14)} ${best(wall).padStart(6)} ms, of processors ${best(processors).padStart(6)} ms`);
  }
  console.log('best rounds; ratio of wall times, of processors in brackets');
  const told = (what: string, ratio: (time: (phase: Phase) => number) => number): number => {
    const [wall, processors] = (['wall', 'processors'] as const).map((kind) => ratio((phase) => Math.min(...times[phase][kind])));
    console.log(`${what.padEnd(48)} ${wall.toFixed(2)} (${processors.toFixed(2)})`);
    return wall;
  };
  told('merge / (read + write)', (time) => time('merge') / (time('read') + time('write as read')));
  const whole = told(
    '(read + merge + write merged) / (read + write)',
    (time) => (time('read') + time('merge') + time('write merged')) / (time('read') + time('write as read')),
  );
  console.log(whole <= 2 ? 'at most twice the time of reading and writing' : 'MORE than twice the time of reading and writing');
}

function best(times: readonly number[]): string {
  return Math.min(...times).toFixed(0);
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
