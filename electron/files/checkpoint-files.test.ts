import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entriesOfFile } from '@shared/checkpoint/entries';
import type { NamedTensors, Tensor } from '@shared/tensor/tensor';
import { UserError } from '@shared/base/user-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCheckpointTarget, openCheckpointFile, writeCheckpointFile } from './checkpoint-files';

const reference = (name: string) => fileURLToPath(new URL(`../../tests/reference/pth/${name}`, import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function tensorsOf(path: string): Promise<NamedTensors> {
  const file = await openCheckpointFile(path);
  return file.readAll().finally(() => file.close());
}

/** Tensors of expected.safetensors under a prefix. */
async function expected(prefix: string): Promise<Map<string, Tensor>> {
  const all = await tensorsOf(reference('expected.safetensors'));
  return new Map([...all].filter(([name]) => name.startsWith(prefix)).map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

const sorted = (tensors: NamedTensors) => new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));

describe('values', () => {
  it.each([
    ['net_tiny_train.pth', 'net.train.'],
    ['net_tiny_ckpt_module_prefix.pth', 'net.train.'],
    ['net_tiny_legacy_ckpt.pth', 'net.train.'],
    ['net_tiny_deploy.pth', 'net.deploy.'],
    ['v1_block_legacy.pth', 'block.train.'],
    ['v1_block_parameters.pth', 'block.train.'],
  ])('of %s equal those in expected.safetensors', async (name, prefix) => {
    const right = await expected(prefix);
    expect(right.size).toBeGreaterThan(10);
    const values = await tensorsOf(reference(name));
    // A file of parameters lacks the running statistics.
    const compared = name.includes('parameters') ? [...right].filter(([key]) => !/running_|num_batches/.test(key)) : right;
    expect(sorted(values)).toEqual(sorted(new Map(compared)));
  });
});

describe('writing', () => {
  it.each(['pth', 'pt', 'safetensors', 'npz'])('a .%s file and reading it gives the same tensors in the same order', async (ending) => {
    const path = join(folder, `a.${ending}`);
    const tensors = await tensorsOf(reference('net_tiny_deploy.pth'));
    await writeCheckpointFile(path, tensors);
    const back = await tensorsOf(path);
    expect([...back.keys()]).toEqual([...tensors.keys()]);
    expect(back).toEqual(tensors);
  });

  it('can go from an opened file to the same name', async () => {
    const path = join(folder, 'a.pth');
    await writeFile(path, await readFile(reference('net_tiny_train.pth')));
    const file = await openCheckpointFile(path);
    await writeCheckpointFile(path, entriesOfFile(file), { force: true, dtype: 'float16' });
    await file.close();
    const halves = await tensorsOf(path);
    expect(halves.get('head.weight')?.dtype).toBe('float16');
    expect(halves).toEqual(await tensorsOf(reference('net_tiny_fp16.pth')));
  });

  it('bfloat16 rounds as PyTorch does', async () => {
    const path = join(folder, 'a.pth');
    await writeCheckpointFile(path, await tensorsOf(reference('net_tiny_train.pth')), { dtype: 'bfloat16' });
    expect(await tensorsOf(path)).toEqual(await tensorsOf(reference('net_tiny_bf16.pth')));
  });

  it('refuses unknown endings, existing files and what the format lacks, and writes nothing', async () => {
    const tensors = await tensorsOf(reference('v1_block_legacy.pth'));
    await writeFile(join(folder, 'a.pth'), 'old');
    await expect(writeCheckpointFile(join(folder, 'a.onnx'), tensors)).rejects.toThrow(/\.pth, \.safetensors or \.npz/);
    await expect(writeCheckpointFile(join(folder, 'a.pth'), tensors)).rejects.toThrow(/exists already/);
    await expect(checkCheckpointTarget(join(folder, 'a.pth'))).rejects.toThrow(UserError);
    await expect(writeCheckpointFile(join(folder, 'a.npz'), tensors, { dtype: 'bfloat16' })).rejects.toThrow(/bfloat16/);
    expect(await readdir(folder)).toEqual(['a.pth']);
  });
});

describe('opening', () => {
  it('tells the format from the bytes, not the name', async () => {
    const path = join(folder, 'weights.safetensors');
    await writeFile(path, await readFile(reference('v1_block_legacy.pth')));
    const file = await openCheckpointFile(path);
    expect(file.format).toBe('pth');
    await file.close();
  });

  it('shows what a training checkpoint holds beside the weights', async () => {
    const file = await openCheckpointFile(reference('net_tiny_ckpt_official_training.pth'));
    expect(file.metadata).toMatchObject({ epoch: '3', max_accuracy: '12.5' });
    expect(JSON.parse(file.metadata.config)).toMatchObject({ MODEL: { ARCH: 'RepMLPNet-tiny' } });
    await file.close();
  });

  it('says that there is no such file, or that it is a folder', async () => {
    await expect(openCheckpointFile(join(folder, 'none.pth'))).rejects.toThrow(/there is no such file/);
    await expect(openCheckpointFile(folder)).rejects.toThrow(/is a folder/);
  });

  it('names the tensor that is not there', async () => {
    const file = await openCheckpointFile(reference('v1_block_legacy.pth'));
    await expect(file.read('none')).rejects.toThrow('v1_block_legacy.pth: has no tensor named "none"');
    await file.close();
  });
});
