// From file to file, on the command line: how long a network of RepMLPNet-L256's size (471 MB) takes to be merged and verified
// as whole processes, against a plain copy of the same bytes in the same run: `file-to-file [FOLDER] [--model NAME] [--rounds N]`.
// The copy reads and writes 8 MiB at a time and flushes to the disk, as a merged file is flushed before it gets its name.
import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entriesOfTensors } from '@shared/checkpoint/entries';
import { initialWeights } from '@shared/model/initialise';
import { buildModel } from '@shared/model/zoo';
import { seed } from '@shared/tensor/random';
import { writeCheckpointFile } from '../electron/files';

const PIECE = 2 ** 23;

/** Runs the benchmark and prints best and median times, and ratios to the copy. */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { model: { type: 'string', default: 'repmlpnet-l256' }, rounds: { type: 'string', default: '5' } },
  });
  const folder = await mkdtemp(join(positionals[0] ?? tmpdir(), 'file-to-file-'));
  try {
    const path = join(folder, 'train.pth');
    await writeCheckpointFile(path, entriesOfTensors(initialWeights(buildModel(values.model), seed(1))));
    console.log(`${values.model}: ${((await stat(path)).size / 1e6).toFixed(0)} MB, Node ${process.version}`);
    await inTurns(path, folder, Number(values.rounds));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inTurns(path: string, folder: string, rounds: number): Promise<void> {
  const merged = join(folder, 'merged.pth');
  const turns: readonly (readonly [string, () => unknown])[] = [
    ['plain copy, flushed', () => copied(path, join(folder, 'copy.pth'), true)],
    ['plain copy, not flushed', () => copied(path, join(folder, 'copy.pth'), false)],
    ['merge, .pth to .pth', () => repmlp('merge', path, merged, '--force')],
    ['verify, the whole network', () => repmlp('verify', path, merged)],
    ['start of the command line alone', () => repmlp('--version')],
  ];
  const times = turns.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, [, work]] of turns.entries()) {
      const start = performance.now();
      await work();
      times[index].push(performance.now() - start);
    }
  const copy = Math.min(...times[0]);
  for (const [index, [what]] of turns.entries()) {
    const sorted = times[index].toSorted((a, b) => a - b);
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
    console.log(
      `${what.padEnd(34)} best ${seconds(sorted[0])}, median ${seconds(sorted[rounds >> 1])}, ${(sorted[0] / copy).toFixed(2)} x the copy`,
    );
  }
}

/** One verb as a process of its own. Throws with what it said if it does not end well. */
function repmlp(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '../cli.mjs'), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`repmlp ${args.join(' ')} ended with ${status}: ${stderr}`);
}

async function copied(from: string, to: string, flushed: boolean): Promise<void> {
  await rm(to, { force: true });
  const [source, target] = [await open(from, 'r'), await open(to, 'w')];
  const piece = Buffer.allocUnsafeSlow(PIECE);
  for (let read = 0; (read = (await source.read(piece, 0, PIECE)).bytesRead) > 0; ) await target.write(piece, 0, read);
  if (flushed) await target.sync();
  await source.close();
  await target.close();
}
