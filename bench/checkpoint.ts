// How fast a checkpoint of RepMLPNet-L256 size (about 470 MB) is opened, read, converted and written,
// each against a plain read of the same file in the same run: `checkpoint [FOLDER]`.
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOfFile, type TensorEntry } from '@shared/checkpoint/entries';
import { parametersOf } from '@shared/model/parameters';
import { buildModel } from '@shared/model/zoo';
import { elementCount, type Tensor, type TensorInfo } from '@shared/tensor/tensor';
import { openCheckpointFile, writeCheckpointFile } from '../electron/files';

const ROUNDS = 3;

interface Measured {
  readonly what: string;
  readonly seconds: number;
  /** Growth of the process's memory while it ran, in MiB. */
  readonly mebibytes: number;
}

/** Runs the benchmark and prints medians and ratios. */
export async function run([parent = tmpdir()]: string[]): Promise<void> {
  const folder = await mkdtemp(join(parent, 'checkpoint-bench-'));
  try {
    const path = join(folder, 'l256.pth');
    const writing = await measure('write .pth', () => writeCheckpointFile(path, syntheticEntries()), 1);
    const { size } = await stat(path);
    // Everything that reads values has to put them into memory, so this is the yardstick.
    const plain = await measure('plain read into one array', () => plainReadWhole(path));
    const phases = [
      plain,
      await measure('plain read, 8 MiB at a time', () => plainRead(path)),
      await measure('inspect (open, names, shapes)', () => withFile(path, async () => undefined)),
      await measure('read one tensor', () => withFile(path, (file) => file.read(file.tensors[0].name))),
      await measure('read every tensor, one at a time', () => withFile(path, eachTensor)),
      await measure('read everything (readAll)', () => withFile(path, (file) => file.readAll())),
      writing,
      await measure('convert to safetensors', () => convert(path, join(folder, 'l256.safetensors')), 1),
      await measure('convert to float16 .pth', () => convert(path, join(folder, 'l256-half.pth'), 'float16'), 1),
    ];
    console.log(`${(size / 1e6).toFixed(1)} MB, Node ${process.version}, median of ${ROUNDS} (writing: one run)`);
    for (const phase of phases) console.log(line(phase, plain));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function line({ what, seconds, mebibytes }: Measured, plain: Measured): string {
  const ratio = (seconds / plain.seconds).toFixed(2);
  return `${what.padEnd(34)} ${(seconds * 1000).toFixed(1).padStart(8)} ms  ${ratio.padStart(6)} x plain  +${mebibytes.toFixed(0)} MiB at most`;
}

/** Median time and highest memory growth of a few runs. */
async function measure(what: string, work: () => Promise<unknown>, rounds = ROUNDS): Promise<Measured> {
  const times: number[] = [];
  let mebibytes = 0;
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    const sampler = setInterval(() => (mebibytes = Math.max(mebibytes, (process.memoryUsage.rss() - before) / 2 ** 20)), 2);
    const start = performance.now();
    await work();
    times.push((performance.now() - start) / 1000);
    mebibytes = Math.max(mebibytes, (process.memoryUsage.rss() - before) / 2 ** 20);
    clearInterval(sampler);
  }
  return { what, seconds: times.sort((a, b) => a - b)[times.length >> 1], mebibytes };
}

/** The tensors of RepMLPNet-L256, filled with a cheap pattern, made one at a time. */
function syntheticEntries(): TensorEntry[] {
  return parametersOf(buildModel('repmlpnet-l256')).map((info) => ({ ...info, load: () => syntheticTensor(info) }));
}

function syntheticTensor({ shape, dtype }: TensorInfo): Tensor {
  if (dtype === 'int64') return { shape, dtype, data: new BigInt64Array(elementCount(shape)) };
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) data[i] = (i & 0xffff) / 65536 - 0.5;
  return { shape, dtype: 'float32', data };
}

type OpenFile = Awaited<ReturnType<typeof openCheckpointFile>>;

async function withFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const file = await openCheckpointFile(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function eachTensor(file: OpenFile): Promise<void> {
  for (const { name } of file.tensors) await file.read(name);
}

function convert(from: string, to: string, dtype?: 'float16'): Promise<void> {
  return withFile(from, (file) => writeCheckpointFile(to, entriesOfFile(file), { dtype, force: true }));
}

async function plainRead(path: string): Promise<void> {
  const handle = await open(path, 'r');
  const buffer = new Uint8Array(2 ** 23);
  while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
  await handle.close();
}

async function plainReadWhole(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  const buffer = new Uint8Array(Buffer.allocUnsafeSlow((await handle.stat()).size).buffer);
  for (let done = 0; done < buffer.length; ) done += (await handle.read(buffer, done, buffer.length - done)).bytesRead;
  await handle.close();
  return buffer;
}
