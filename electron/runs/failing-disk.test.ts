// Every operation on the disk that writing a run takes fails once: the disk is full, has become read-only, or is gone (a drive that
// was pulled out). Whatever was acknowledged before is there afterwards, and the run goes on from it.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type * as FileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { EngineTrainingEvent } from '@shared/training/loop/events';
import { buildModel } from '@shared/model/zoo';
import { floatTensor } from '@shared/tensor/tensor';
import { seed } from '@shared/tensor/random';
import { recipe } from '@shared/training/recipe/recipes';
import { isRunFolder, RunWriter } from './';

/** The operation that fails, counted from 1, and all after it until the disk is well again. */
const disk = vi.hoisted(() => ({ code: 'ENOSPC', failsFrom: Infinity, operations: 0 }));

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof FileSystem>();
  function reached(): void {
    if (++disk.operations >= disk.failsFrom) throw Object.assign(new Error(`${disk.code}: the disk`), { code: disk.code });
  }
  const failing =
    <Args extends unknown[], Result>(operation: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      reached();
      return operation(...args);
    };
  async function open(...args: Parameters<typeof fs.open>): Promise<Awaited<ReturnType<typeof fs.open>>> {
    if (args[1] !== 'r' && args[1] !== undefined) reached();
    const handle = await fs.open(...args);
    for (const name of ['write', 'writeFile', 'appendFile', 'sync'] as const)
      Object.assign(handle, { [name]: failing(handle[name].bind(handle) as (...given: unknown[]) => Promise<unknown>) });
    return handle;
  }
  return { ...fs, open, rename: failing(fs.rename), link: failing(fs.link), mkdir: failing(fs.mkdir) };
});

const base = await mkdtemp(join(tmpdir(), 'repmlp-failing-disk-'));
afterAll(() => rm(base, { recursive: true, force: true }));

const config = {
  spec: buildModel('pure-mlp-small'),
  dataset: { kind: 'embedded', name: 'shapes', seed: seed(1) },
  recipe: recipe('shapes-short'),
  seed: seed(4),
  backend: 'cpu',
} as const;
const held = (epoch: number) => new Map([['value', floatTensor([1], new Float32Array([epoch]))]]);
const weights = (epoch: number): EngineTrainingEvent => ({
  type: 'weights',
  epoch,
  step: 0,
  best: false,
  point: { epoch, weights: held(epoch), state: held(epoch) },
});
const norms: EngineTrainingEvent = { type: 'norms', epoch: 1, parameters: [{ name: 'fc.weight', weight: 1, gradient: 0.5 }] };
const EVENTS: readonly EngineTrainingEvent[] = [
  { type: 'backend', backend: 'cpu', reason: 'asked for.' },
  { type: 'epoch', epoch: 1, train: { loss: 1, metric: 0 }, validation: { loss: 1, metric: 0 }, learningRate: 0.1, seconds: 1 },
  norms,
  weights(1),
  weights(2),
  { type: 'state', state: 'stopped', message: '' },
];

/** Writes a run until an operation fails; the last epoch whose weights were acknowledged, and what was thrown. */
async function write(folder: string): Promise<{ acknowledged: number; error: unknown }> {
  let [acknowledged, writer, error]: [number, RunWriter | null, unknown] = [0, null, null];
  try {
    writer = await RunWriter.create(folder, config, 'hash');
    for (const event of EVENTS) {
      await writer.accept(event);
      if (event.type === 'weights') acknowledged = event.epoch;
    }
  } catch (thrown) {
    error = thrown;
  }
  disk.failsFrom = Infinity;
  await writer?.release();
  return { acknowledged, error };
}

test.each([
  ['ENOSPC', /the disk is full/],
  ['EROFS', /may not be written/],
  ['EIO', /does not answer/],
])('%s at any operation is said, loses nothing that was acknowledged, and leaves nothing behind', async (code, sentence) => {
  Object.assign(disk, { code, failsFrom: Infinity, operations: 0 });
  expect(await write(join(base, `${code}-whole`))).toEqual({ acknowledged: 2, error: null });
  const whole = disk.operations;
  expect(whole).toBeGreaterThan(30);
  for (let operation = 1; operation <= whole; operation++) {
    const folder = join(base, `${code}-${operation}`);
    Object.assign(disk, { operations: 0, failsFrom: operation });
    const { acknowledged, error } = await write(folder);
    if (error !== null)
      expect({ operation, message: String(error) }).toEqual({ operation, message: expect.stringMatching(sentence) as string });
    if (!(await isRunFolder(folder))) {
      expect(acknowledged).toBe(0);
      continue;
    }
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const { writer, point } = await RunWriter.resume(folder);
    expect(point?.epoch ?? 0).toBeGreaterThanOrEqual(acknowledged);
    expect(point?.weights.get('value')?.data[0] ?? 0).toBe(point?.epoch ?? 0);
    await writer.release();
    expect((await readdir(folder, { recursive: true })).filter((name) => /\.tmp$|\.lock/.test(name))).toEqual([]);
  }
});
