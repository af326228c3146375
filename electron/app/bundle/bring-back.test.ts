import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeNetwork } from '@shared/merge/merge-network';
import type { NamedTensors } from '@shared/tensor/tensor';
import { largestDifference } from '../../../tests/engine';
import { openCheckpointFile } from '../../files';
import { checkpointOfRun, readMetrics, readRun } from '../../runs/read';
import { RunWriter } from '../../runs/writer';
import { bringBack, isPyTorchOutput, WhichWeights } from './bring-back';

const REFERENCE = fileURLToPath(new URL('../../../tests/reference/pytorch', import.meta.url));
const OUTPUT = join(REFERENCE, 'output');

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'repmlp-back-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function tensorsOf(path: string): Promise<NamedTensors> {
  const file = await openCheckpointFile(path);
  try {
    return await file.readAll();
  } finally {
    await file.close();
  }
}

/** Floats and counters of two state dicts, number by number. */
function expectSame(found: NamedTensors, expected: NamedTensors): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].filter((name) => found.has(name)).sort());
  for (const [name, { data }] of found) expect(Array.from(data, Number), name).toEqual(Array.from(expected.get(name)?.data ?? [], Number));
}

describe('the output folder of a PyTorch training', () => {
  it.each(['raw', 'ema'] as const)('becomes a run of the %s weights, to the bit those that PyTorch loads', async (kind) => {
    const run = join(folder, 'run');
    await bringBack(OUTPUT, run, kind);
    const found = await tensorsOf(await checkpointOfRun(run));
    const other = await tensorsOf(join(REFERENCE, `${kind === 'raw' ? 'ema' : 'raw'}.safetensors`));
    expectSame(found, await tensorsOf(join(REFERENCE, `${kind}.safetensors`)));
    expect(Array.from(found.get('head.weight')?.data as Float32Array)).not.toEqual(
      Array.from(other.get('head.weight')?.data as Float32Array),
    );
  });

  it('asks which weights where an average was kept, and makes nothing before that is said', async () => {
    await expect(bringBack(OUTPUT, join(folder, 'run'), null)).rejects.toThrow(WhichWeights);
    expect(await readdir(folder)).toEqual([]);
  });

  it('brings its curves, its arguments and what computed it', async () => {
    const run = join(folder, 'run');
    await bringBack(OUTPUT, run, 'ema');
    const record = await readRun(run);
    expect(record).toMatchObject({ state: 'finished', backend: 'pytorch', device: 'PyTorch 1.13.0a0 on cpu, 1 process' });
    expect(record.config.recipe).toMatchObject({
      name: 'shapes-short',
      epochs: 2,
      batchSize: 64,
      ema: 0.9,
      schedule: { kind: 'cosine', base: 0.1 },
    });
    expect(record.config.dataset).toEqual({ kind: 'folder', path: '/data/pictures' });
    const written = (await readFile(join(OUTPUT, 'metrics.csv'), 'utf8')).split('\n').filter((line) => line.startsWith('epoch,'));
    const epochs = (await readMetrics(run)).filter((event) => event.type === 'epoch');
    expect(epochs.map(({ validation }) => validation.loss)).toEqual(written.map((line) => Number(line.split(',')[6])));
    expect(record.checkpoints.map(({ epoch, validation }) => [epoch, validation?.loss])).toEqual(
      epochs.map(({ epoch, validation }) => [epoch, validation.loss]),
    );
  });

  it('merges to what PyTorch alone merged it to', async () => {
    const run = join(folder, 'run');
    const { record } = await bringBack(OUTPUT, run, 'ema');
    const { weights } = mergeNetwork(record.config.spec, await tensorsOf(await checkpointOfRun(run)));
    const theirs = await tensorsOf(join(REFERENCE, 'merged.safetensors'));
    expect([...weights.keys()].sort()).toEqual([...theirs.keys()].sort());
    // Both in double precision, rounded once: the last bit of numbers around 1.
    for (const [name, { data }] of weights)
      expect(largestDifference(data as Float32Array, theirs.get(name)?.data as Float32Array), name).toBeLessThan(3e-7);
  });

  it('is not gone on with here: PyTorch has what is needed for that', async () => {
    const run = join(folder, 'run');
    await bringBack(OUTPUT, run, 'raw');
    const before = await readFile(join(run, 'metrics.csv'), 'utf8');
    await expect(RunWriter.resume(run)).rejects.toThrow('was trained with PyTorch');
    expect(await readFile(join(run, 'metrics.csv'), 'utf8')).toBe(before);
  });

  it('is told from a run and from any other folder', async () => {
    expect(await isPyTorchOutput(OUTPUT)).toBe(true);
    expect(await isPyTorchOutput(dirname(OUTPUT))).toBe(false);
  });
});

describe('an output that is not whole', () => {
  const copy = async (): Promise<string> => {
    const own = join(folder, 'output');
    await cp(OUTPUT, own, { recursive: true });
    return own;
  };

  it('gives a run up to its last kept epoch, and says that there was more', async () => {
    const own = await copy();
    await rm(join(own, 'checkpoint-2.pth.tar'));
    await rm(join(own, 'finished'));
    const { record, remarks } = await bringBack(own, join(folder, 'run'), 'raw');
    expect(record).toMatchObject({ state: 'stopped', checkpoints: [{ epoch: 1 }] });
    expect(remarks.join()).toContain('after epoch 1');
    expect((await readMetrics(join(folder, 'run'))).every((event) => 'epoch' in event && event.epoch === 1)).toBe(true);
  });

  it.each([
    ['args.yaml', null, 'has no args.yaml'],
    ['args.yaml', 'epochs: 2\n', 'batch_size: is missing'],
    ['metrics.csv', 'loss\n1\n', 'metrics.csv'],
    ['spec.json', '{"format": "other"}', 'spec.json'],
    ['checkpoint-2.pth.tar', 'no weights', 'checkpoint-2.pth.tar'],
  ])('is refused, and nothing is left: %s is %j', async (name, text, sentence) => {
    const own = await copy();
    await (text === null ? rm(join(own, name)) : writeFile(join(own, name), text));
    await expect(bringBack(own, join(folder, 'run'), 'raw')).rejects.toThrow(sentence);
    expect(await readdir(folder)).toEqual(['output']);
  });

  it("is refused where the weights are another network's than spec.json says", async () => {
    const own = await copy();
    const spec = await readFile(join(own, 'spec.json'), 'utf8');
    await writeFile(join(own, 'spec.json'), spec.replace('"out": 10', '"out": 7'));
    await expect(bringBack(own, join(folder, 'run'), 'raw')).rejects.toThrow('head.weight');
    expect(await readdir(folder)).toEqual(['output']);
  });

  it('by timm has its epochs counted from 1 and its percentages as shares', async () => {
    const own = await copy();
    await rm(join(own, 'metrics.csv'));
    await rm(join(own, 'finished'));
    await rm(join(own, 'checkpoint-2.pth.tar'));
    await writeFile(
      join(own, 'summary.csv'),
      'epoch,train_loss,eval_loss,eval_top1,eval_top5,lr\n0,2.5,2.25,12.5,50,0.1\n1,2.4,2.125,25,60,0.05\n',
    );
    const { record } = await bringBack(own, join(folder, 'run'), 'raw');
    expect(record.checkpoints).toMatchObject([{ epoch: 2, validation: { loss: 2.125, metric: 0.25 }, best: true }]);
  });
});
